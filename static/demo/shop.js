/**
 * The shop's own script: three ways in which a site starts a call, besides the call button in the corner.
 * It uses what every customer's page may use, and nothing else: window.PolyphoneAPI.
 */
(function () {
  'use strict';

  var api = window.PolyphoneAPI;
  var find = function (id) { return document.getElementById(id); };
  var wanted = null; // what to tell the agent once somebody has answered

  function call(text, data) {
    if (!api) return;
    wanted = text ? { text: text, data: data } : null;
    api.connectAndCall().catch(function (error) { note('connectAndCall refused', error.code); });
  }

  function note(name, detail) {
    var line = document.createElement('li');
    line.textContent = name + (detail ? ' ' + detail : '');
    find('events').appendChild(line);
  }

  // 1. A button of the shop's own.
  find('own-button').addEventListener('click', function () { call(); });

  // 2. Something that happened in the shop: a bike was put in the bag.
  var bag = [];
  document.querySelectorAll('.add').forEach(function (button) {
    button.addEventListener('click', function () {
      bag.push(button.getAttribute('data-bike'));
      find('count').textContent = bag.length;
      find('bag-name').textContent = bag[bag.length - 1];
      find('bag').hidden = false;
      find('bag').scrollIntoView({ block: 'nearest' });
    });
  });
  find('in-app').addEventListener('click', function () { call('bag_question', { bike: bag[bag.length - 1], items: bag.length }); });

  // 3. A chat that the shop has had all along.
  function say(words, mine) {
    var line = document.createElement('p');
    line.textContent = words;
    if (mine) line.className = 'mine';
    find('chat-lines').appendChild(line);
    return line;
  }
  find('chat-form').addEventListener('submit', function (event) {
    var text = find('chat-text').value.trim();
    event.preventDefault();
    if (!text) return;
    find('chat-text').value = '';
    say(text, true);
    var talk = document.createElement('button');
    talk.type = 'button';
    talk.textContent = 'Talk to us now';
    talk.addEventListener('click', function () { call('chat_message', { message: text }); });
    say('Thank you, we will write back. Do you need it sooner? ').appendChild(talk);
  });

  if (!api) return;
  ['Ready', 'Connecting', 'Connected', 'Disconnected', 'Registered', 'Unregistered', 'Ringing', 'Answered', 'Ended', 'Failed', 'Muted',
    'Unmuted', 'CaptureAudio', 'AudioEnded', 'InfoSent', 'InfoReceived', 'Transcription', 'Error'].forEach(function (name) {
    api['on' + name](function () { note(name.charAt(0).toLowerCase() + name.slice(1), JSON.stringify(Array.prototype.slice.call(arguments))); });
  });
  api.onAnswered(function () {
    if (wanted) api.sendInfo(wanted.text, wanted.data);
    wanted = null;
  });
})();
