/** Where there are no calls a press leads to the owner's number or page. */

if (reason) {
  button.removeAttribute('aria-disabled');
  button.removeAttribute('aria-haspopup');
  listen(button, 'click', function () { win.location.href = settings.out; });
}
