/** The chat's few requests: a token for the page's grant, a session for the token, a ticket to go on aloud, stars at the end. */

import { attempt } from '../frame/guard.js';

const TIMEOUT_MS = 10000;

/** The server said no, or could not be asked. `code` is a row of docs/errors.md, or NETWORK. */
export class RequestFailed extends Error {
  constructor(code, message, body) {
    super(message);
    this.name = 'RequestFailed';
    this.code = code;
    this.body = body || {};
  }
}

const unreachable = () => new RequestFailed('NETWORK', 'The server could not be reached.');

export class Api {
  /**
   * @param {any} settings  the grant is replaced here when it has to be renewed
   * @param {any} ask  fetch
   */
  constructor(settings, ask) {
    this.settings = settings;
    this.ask = ask;
  }

  /** @returns {Promise<any>} */
  post(url, body, bearer) {
    return new Promise((done, refuse) => {
      const abort = attempt(() => new AbortController());
      const timer = setTimeout(() => {
        refuse(unreachable());
        attempt(() => abort.abort());
      }, TIMEOUT_MS);
      this.asked(url, body, bearer, attempt(() => abort.signal)).then(done, refuse).then(() => clearTimeout(timer));
    });
  }

  async asked(url, body, bearer, signal) {
    const headers = Object.assign({ 'Content-Type': 'application/json' }, bearer && { Authorization: 'Bearer ' + bearer });
    let answer = null;
    let data = null;
    try {
      answer = await this.ask(url, {
        method: 'POST', headers, body: JSON.stringify(body), cache: 'no-store', credentials: 'omit', signal,
      });
      data = await answer.json();
    } catch (error) {
      if (!answer) throw unreachable();
    }
    if (answer.ok && data) return data;
    const said = data || {};
    const code = said.code || (said.error && said.error.code);
    throw new RequestFailed(code || (answer.status >= 500 ? 'NETWORK' : 'HANDLER_ERROR'), 'HTTP ' + answer.status, said);
  }

  /** @returns {Promise<string>} a token that stands for this visitor */
  async token() {
    const { urls } = this.settings;
    const ask = async () => (await this.post(urls.token, {}, this.settings.grant)).access_token;
    try {
      return await ask();
    } catch (error) {
      if (error.code !== 'GRANT_EXPIRED') throw error;
      await this.renew();
      return ask();
    }
  }

  async renew() {
    this.settings.grant = (await this.post(this.settings.urls.grant, { grant: this.settings.grant })).grant;
  }

  /** @returns {Promise<string>} its id */
  async session(token, wanted) {
    return (await this.post(this.settings.urls.session, wanted, token)).session_id;
  }

  /** @returns {Promise<{ticket: string, iceServers: object[]}>} for a call that this session goes on with */
  async ticket(token, session) {
    const { urls } = this.settings;
    const ask = () => this.post(urls.ticket, { grant: this.settings.grant, token, session });
    try {
      return await ask();
    } catch (error) {
      if (error.code !== 'GRANT_EXPIRED') throw error;
      await this.renew();
      return ask();
    }
  }

  rate(token, session, stars, comment) {
    return this.post(this.settings.urls.rating, { session_id: session, stars, comment }, token);
  }
}
