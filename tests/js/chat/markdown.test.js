import assert from 'node:assert/strict';
import { test } from 'node:test';

import { elsewhere, parse, plain, safe } from '../../../static/widget/chat/markdown.js';

/** The pieces as short text: <b>bold</b>, a[href](label). */
function shown(pieces) {
  return pieces.map((piece) => {
    if (typeof piece === 'string') return piece;
    if (piece.tag === 'a') return 'a[' + piece.href + '](' + shown(piece.kids) + ')';
    const start = piece.start === undefined ? '' : '=' + piece.start;
    return piece.kids.length ? '<' + piece.tag + start + '>' + shown(piece.kids) + '</>' : '<' + piece.tag + '>';
  }).join('');
}
const read = (text) => shown(parse(text));

function everyPiece(pieces, look) {
  for (const piece of pieces) {
    look(piece);
    if (typeof piece !== 'string') everyPiece(piece.kids, look);
  }
}

test('paragraphs, breaks, bold, italics, code and lists are read', () => {
  assert.equal(read('Yes.\nWe *do*.\n\nOn **Friday**, `11:00`.'), '<p>Yes.<br>We <i>do</>.</><p>On <b>Friday</>, <code>11:00</>.</>');
  assert.equal(read('We have:\n- **Thursday** at 9\n- Friday\n\nSee you'), '<p>We have:</><ul><li><b>Thursday</> at 9</><li>Friday</></><p>See you</>');
  assert.equal(read('3. three\n4. four\n\n5. five'), '<ol=3><li>three</><li>four</><li>five</></>');
  assert.equal(read('- a\n  - b\n  - c\n- d'), '<ul><li>a<ul><li>b</><li>c</></></><li>d</></>');
  assert.equal(read('- a\n  goes on\n- b'), '<ul><li>a<br>goes on</><li>b</></>');
  assert.equal(read('## Hours\nNine to *five*'), '<p><b>Hours</></><p>Nine to <i>five</></>');
  assert.equal(read('```js\nif (a) <b>\n```\nafter'), '<pre>if (a) <b></><p>after</>');
  assert.equal(read('a\n\n---\n\nb'), '<p>a</><hr><p>b</>');
});

test('what is not Markdown stays as it was written', () => {
  for (const text of ['2 * 3 * 4', 'snake_case_name', '**open', '`open', '[label] (x)', 'a * b', '5 < 6 & 7', '__', '\\']) {
    assert.equal(read(text), '<p>' + text + '</>');
  }
  assert.equal(read('\\*not\\*'), '<p>*not*</>');
});

test('links are followed to http, https, mailto and tel only', () => {
  assert.equal(read('[hours](https://shop.example/hours)'), '<p>a[https://shop.example/hours](hours)</>');
  assert.equal(read('[write](mailto:a@shop.example)'), '<p>a[mailto:a@shop.example](write)</>');
  assert.equal(read('[ring](tel:+4930123)'), '<p>a[tel:+4930123](ring)</>');
  assert.equal(read('See https://shop.example/a_b_c. Now'), '<p>See a[https://shop.example/a_b_c](https://shop.example/a_b_c). Now</>');
  assert.equal(read('(https://shop.example/x)'), '<p>(a[https://shop.example/x](https://shop.example/x))</>');
});

test('no address that could run, read or hide anything becomes a link', () => {
  const attacks = [
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)', 'java\nscript:alert(1)', '\u0001javascript:alert(1)',
    'javascript&colon;alert(1)', 'data:text/html,<script>alert(1)</script>', 'data:text/html;base64,PHNjcmlwdD4=', 'vbscript:msgbox(1)', 'file:///etc/passwd',
    'blob:https://shop.example/1', 'about:blank', 'ftp://shop.example', 'intent://x#Intent;end', 'view-source:https://shop.example', '//evil.example', '/console/', 'https:evil.example',
    'https://bank.example@evil.example/', 'https://user:pw@evil.example', 'https://bank.example\\@evil.example', 'https://bank\u202eexample.evil', 'https://exa\u200bmple.com',
    'https://', 'http://[', 'https://a b', 'x'.repeat(3000), 'https://' + 'x'.repeat(3000) + '.example',
  ];
  for (const attack of attacks) {
    assert.equal(safe(attack), '', attack);
    everyPiece(parse('[press](' + attack + ') ' + attack), (piece) => {
      if (piece.tag === 'a') assert.match(piece.href, /^https?:\/\/[^@]*$/, attack);
    });
  }
});

test('markup is text, whatever it says', () => {
  const texts = ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<a href="javascript:alert(1)">x</a>', '<svg/onload=alert(1)>', '&lt;b&gt;', '<!--', '<iframe srcdoc="x">'];
  for (const text of texts) assert.deepEqual(parse(text), [{ tag: 'p', kids: [text] }]);
  const tags = new Set();
  everyPiece(parse(texts.join('\n') + '\n- <b>x</b>\n```\n<script>\n```'), (piece) => tags.add(piece.tag));
  for (const tag of tags) assert.ok([undefined, 'p', 'br', 'ul', 'li', 'pre'].includes(tag), tag);
});

test('a picture is a link to it and is never fetched', () => {
  assert.equal(read('![bike](https://evil.example/track.gif)'), '<p>a[https://evil.example/track.gif](bike)</>');
});

test('a link that names another site than it leads to says where it leads', () => {
  assert.equal(elsewhere('https://bank.example', 'https://evil.example/'), 'evil.example');
  assert.equal(elsewhere('www.bank.example/login', 'https://evil.example/bank.example'), 'evil.example');
  assert.equal(elsewhere('bank.example', 'https://www.bank.example/login'), '');
  assert.equal(elsewhere('our hours', 'https://shop.example/'), '');
  assert.equal(elsewhere('write to us', 'mailto:a@b.example'), '');
  // Letters that look like others: the browser's own name of the site stands beside them.
  assert.equal(elsewhere('p\u0430ypal.example', new URL('https://p\u0430ypal.example').href), 'xn--pypal-4ve.example');
  assert.equal(elsewhere('pay here', 'https://xn--pypal-4ve.example/'), 'xn--pypal-4ve.example');
});

test('characters that turn the reading direction or cannot be seen are taken out', () => {
  assert.deepEqual(parse('pay \u202eelpmaxe.live\u202c now\u2066\u2069\ufeff\u0007'), [{ tag: 'p', kids: ['pay elpmaxe.live now'] }]);
  assert.equal(read('مرحبا **بك**'), '<p>مرحبا <b>بك</></>');
});

test('a link holds no other link', () => {
  everyPiece(parse('[see https://a.example and [b](https://b.example)](https://c.example)'), (piece) => {
    if (piece.tag === 'a') everyPiece(piece.kids, (inner) => assert.notEqual(inner.tag, 'a'));
  });
});

test('huge and hostile texts are read in time that grows with their length, and lose nothing', () => {
  const n = 60000;
  const words = (pieces) => pieces.map((one) => (typeof one === 'string' ? one : words(one.kids))).join('');
  for (const piece of ['*', '_', '**a ', '[', '[a](', '`', '![', '- ', '> ', '\\', 'h', 'https://', '*a_b', '\n', '  - a\n', '1. a\n', '(', '**_`[', '# ', '[x](https://a.example) ']) {
    const text = piece.repeat(Math.ceil(n / piece.length));
    const before = process.cpuUsage().user;
    const found = parse(text);
    assert.ok(process.cpuUsage().user - before < 20e6, JSON.stringify(piece)); // quadratic ones take minutes
    assert.ok(words(found).length <= text.length);
  }
  const long = 'a'.repeat(200000);
  assert.equal(words(parse(long)).length, long.length);
});

test('the words alone are what is read aloud', () => {
  assert.equal(plain(parse('**Yes**, on:\n- Thursday\n- [Friday](https://a.example)')).trim(), 'Yes, on: Thursday Friday');
});
