/** Every command and event of a page API, tried: what runs, what it gives, and what the page hears meanwhile. */
(function () {
  'use strict';

  const MOST = 300; // lines of the log
  const { api: named, takenOff } = document.body.dataset; // PolyphoneAPI, or WebchatAPI
  const api = window[named];
  const find = (id) => document.getElementById(id);
  const log = find('log');
  const box = find('lines');
  const began = Date.now();
  const heard = {};
  const words = {}; // lines of the log that still change, by the index of their words
  let lines = 0;
  let card = 'closed'; // of a chat

  function make(tag, kind, text) {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.textContent = text;
    return made;
  }

  function written(value) {
    if (value === undefined) return 'undefined';
    if (value instanceof Error) return value.name + (value.code ? ' (' + value.code + ')' : '') + ': ' + value.message;
    const shown = (key, held) => (held instanceof MessagePort ? 'MessagePort' : typeof held === 'number' ? Math.round(held * 1000) / 1000 : held);
    return JSON.stringify(value, shown, 1).replace(/\n\s*/g, ' ');
  }

  function note(kind, name, what) {
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    const line = make('li', kind, '');
    const seconds = ((Date.now() - began) / 1000).toFixed(2);
    line.append(make('span', 'n', String(++lines)), make('b', '', name), make('time', '', seconds + ' s'));
    if (what) line.append(make('span', 'what', what));
    log.append(line);
    find('nothing').hidden = true;
    if (log.children.length > MOST) log.firstChild.remove();
    if (atEnd) box.scrollTop = box.scrollHeight;
    return line;
  }

  const ofCall = (session) => (session ? session.status + ', ' + session.reference : 'null');

  function tellState() {
    const gone = window[named] !== api;
    find('connected').textContent = gone ? 'gone' : String(api.isConnected ? api.isConnected() : api.isFullscreen());
    find('session').textContent = gone ? 'gone' : api.getCurrentSession ? ofCall(api.getCurrentSession()) : card;
  }

  // ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────

  function hear(row) {
    const name = row.dataset.event;
    api[name]((...given) => {
      const mark = row.querySelector('[data-heard]');
      heard[name] = (heard[name] || 0) + 1;
      mark.textContent = 'heard ' + heard[name] + (heard[name] === 1 ? ' time' : ' times');
      mark.classList.add('yes');
      const what = given.map(written).join(', ');
      const growing = name === 'onTranscription' && words[given[0].index];
      if (growing && growing.isConnected) growing.querySelector('.what').textContent = what;
      else {
        const line = note(name === 'onError' || name === 'onFailed' ? 'bad' : '', name, what);
        if (name === 'onTranscription') words[given[0].index] = line;
      }
      card = { onOpen: 'open', onClosed: 'closed' }[name] || card;
      if (name === 'onRinging') for (const index of Object.keys(words)) delete words[index]; // another call counts anew
      tellState();
    });
  }

  // ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────────

  const runs = {
    off() {
      const handler = () => {};
      api['on' + takenOff[0].toUpperCase() + takenOff.slice(1)](handler);
      api.off(takenOff, handler);
      return 'registered, and taken off again';
    },
    onContextRequired() {
      api.onContextRequired((about) => {
        note('', 'asked for a token', written(about));
        return find('onContextRequired-token').value;
      });
    },
  };

  /** What stands in the fields of a command. */
  function given(name) {
    const fields = [...document.querySelectorAll('#' + name + ' [data-given]')];
    return fields.map(({ value, dataset }) => (dataset.given === 'text' ? value : value ? JSON.parse(value) : undefined));
  }

  function show(name, kind, text) {
    const place = document.querySelector('[data-result="' + name + '"]');
    place.className = kind;
    place.textContent = text;
  }

  async function run(name) {
    if (window[named] !== api) return show(name, 'bad', 'window.' + named + ' is gone. Load this page again to go on.');
    note('ran', name + '()', '');
    show(name, 'waits', 'waiting …');
    try {
      const value = await (runs[name] ? runs[name]() : api[name](...given(name)));
      show(name, '', '→ ' + written(value));
      note('ran', name + ' →', written(value));
    } catch (error) {
      show(name, 'bad', '✕ ' + written(error));
      note('bad', name + ' ✕', written(error));
    }
    tellState();
  }

  find('clear').addEventListener('click', () => {
    log.replaceChildren();
    find('nothing').hidden = false;
  });
  if (!api) {
    find('nothing').textContent = 'The tag of the shop did not bring window.' + named + '. The browser’s console says why.';
    return;
  }
  document.querySelectorAll('[data-event]').forEach(hear);
  document.querySelectorAll('[data-run]').forEach((button) => button.addEventListener('click', () => run(button.dataset.run)));
  tellState();
})();
