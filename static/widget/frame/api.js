/** The frame's few requests to the server: a ticket for a call, and what must come before it. */

import { attempt } from './guard.js';

const TIMEOUT_MS = 10000;

/** The server said no, or could not be asked. `code` is a row of docs/errors.md, or NETWORK. */
export class RequestFailed extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'RequestFailed';
    this.code = code;
  }
}

const unreachable = () => new RequestFailed('NETWORK', 'The server could not be reached.');

export class Api {
  /**
   * @param {{grant: string, language?: string}} settings  the grant is replaced here when it has to be renewed
   * @param {{grant: string, consent: string, ticket: string}} urls
   * @param {typeof fetch} ask
   */
  constructor(settings, urls, ask) {
    this.settings = settings;
    this.urls = urls;
    this.ask = ask;
  }

  /** @returns {Promise<any>} */
  post(url, body) {
    return new Promise((done, refuse) => {
      const abort = attempt(() => new AbortController());
      const timer = setTimeout(() => {
        refuse(unreachable());
        attempt(() => abort.abort());
      }, TIMEOUT_MS);
      this.asked(url, body, attempt(() => abort.signal)).then(done, refuse).then(() => clearTimeout(timer));
    });
  }

  async asked(url, body, signal) {
    let answer;
    let data = null;
    try {
      answer = await this.ask(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        cache: 'no-store',
        credentials: 'omit',
        signal,
      });
      data = await answer.json();
    } catch (error) {
      if (!answer) throw unreachable();
    }
    if (answer.ok && data) return data;
    const said = (data && data.error) || {};
    // What is in between may answer in words of its own: that and 5xx without a code of ours is worth another try.
    throw new RequestFailed(said.code || (answer.ok || answer.status >= 500 ? 'NETWORK' : 'HANDLER_ERROR'), said.message || 'HTTP ' + answer.status);
  }

  /** Asks with the page's grant; one that has run out is renewed once and the question asked again. */
  async granted(url, more) {
    try {
      return await this.post(url, Object.assign({ grant: this.settings.grant }, more));
    } catch (error) {
      if (error.code !== 'GRANT_EXPIRED') throw error;
      this.settings.grant = (await this.post(this.urls.grant, { grant: this.settings.grant })).grant;
      return this.post(url, Object.assign({ grant: this.settings.grant }, more));
    }
  }

  /** @returns {Promise<string>} the id of the record that the visitor said yes to the text with this digest */
  async consent(text, language) {
    return (await this.granted(this.urls.consent, { text, language })).consent;
  }

  /** @returns {Promise<{ticket: string, iceServers: object[]}>} */
  ticket(consent) {
    return this.granted(this.urls.ticket, { language: this.settings.language, ...(consent && { consent }) });
  }
}
