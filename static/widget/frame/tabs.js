/** What the other tabs of this browser mean for the call of this one: one call at a time, and it can move. */

export class Tabs {
  /** @param {any} call */
  constructor(call) {
    this.call = call;
  }

  /** Another tab's call goes on here: it hands its place over, or its visitor has just hung up. */
  async move(ask) {
    const { call } = this;
    const place = await ask();
    if (call.busy) return;
    if (place) await call.returning.resume(place, true);
    else call.again();
  }

  /** What another tab needs to go on with this one's call. */
  place() {
    const { call } = this;
    return call.talking ? call.returning.keep.load() : null;
  }

  /** A command waits for the visitor: in vain where another tab has a call, which closes the start of this one. */
  async ask(screen) {
    const { call } = this;
    call.go(screen);
    if (await call.lock.busy()) this.occupied();
  }

  /** Another tab has a call: who waits here is told, and the start is closed. */
  occupied() {
    const { call } = this;
    if (call.busy || !['start', 'consent', 'ended'].includes(call.state.name)) return;
    if (!call.waiting.waiters.length) return call.go('elsewhere', { reason: 'tab' });
    call.announce();
    call.ending.elsewhere();
  }

  /** The other tab's call is over. */
  free() {
    const { call } = this;
    if (call.state.name === 'elsewhere') call.go(call.beginning().name);
  }
}
