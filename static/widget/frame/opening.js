/** How a call gets its line: a ticket, a socket, hello, registered. */

const RETRY_MS = [1000, 2000, 4000];

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Opening {
  /** @param {any} call */
  constructor(call) {
    this.call = call;
  }

  /** A ticket, a socket, hello, registered; tried again three times when the network is at fault. */
  async open(given) {
    const { call } = this;
    const attempt = given || call.begin();
    let here = (/** @type {any} */ _) => {};
    call.ticketed = new Promise((done) => { here = done; });
    for (let tries = 0; ; tries++) {
      try {
        const { ticket, iceServers } = await call.api.ticket(await this.yes());
        if (attempt !== call.attempt) return;
        call.iceServers = iceServers;
        here(null);
        await this.register(attempt, ticket);
        return;
      } catch (error) {
        if (attempt !== call.attempt) return;
        if (error.code !== 'NETWORK' || tries === RETRY_MS.length) {
          if (!given) call.fail(error);
          throw error;
        }
        await wait(RETRY_MS[tries]);
        if (attempt !== call.attempt) return;
      }
    }
  }

  /** The record of the visitor's yes, made now if it has not been. */
  async yes() {
    const { call } = this;
    if (call.agreed) {
      call.consentId = await call.api.consent(call.consent.digest, call.consent.language);
      call.agreed = false;
    }
    return call.consentId;
  }

  /** @returns {Promise<void>} */
  register(attempt, ticket) {
    const { call } = this;
    return new Promise((resolve, reject) => {
      const signal = call.openSignal({
        message: (message) => {
          if (attempt === call.attempt) call.hear(message, resolve, reject);
          else call.hearLate(message);
        },
        closed: (final, code) => {
          if (attempt !== call.attempt) return;
          if (call.registered) return call.lostSocket();
          call.signal = null;
          reject({ code: final ? 'HANDLER_ERROR' : 'NETWORK', message: 'The connection closed (' + code + ').' });
        },
      });
      call.signal = signal;
      signal.send({ type: 'hello', ticket, lastEvent: 0 });
      if (call.sdp) call.sendOffer();
    });
  }
}
