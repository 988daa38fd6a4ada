/** Is this page among the widget's domains? The script holds them as salted hashes only. */

/** The first two words of the SHA-256 of an ASCII text, as signed numbers. Written out, because the browser's own is asynchronous and https only. */
function sha256(text) {
  var k = [], h = [], n, i, j;
  function part(x) { return x % 1 * 0x100000000 | 0; }
  function turn(x, by) { return x >>> by | x << 32 - by; }
  function mix(x, one, two, three) { return turn(x, one) ^ turn(x, two) ^ turn(x, three); }
  for (n = 2; k.length < 64; n++) {
    for (i = 2; n % i; i++);
    if (i < n) continue;
    if (k.length < 8) h.push(part(Math.pow(n, 1 / 2)));
    k.push(part(Math.pow(n, 1 / 3)));
  }
  var words = [], size = text.length;
  text += '\x80';
  for (i = 0; i <= size; i++) words[i >> 2] |= text.charCodeAt(i) << 24 - 8 * i; // by how much, the browser takes modulo 32
  words[(size + 8 >> 6) * 16 + 15] = size * 8;
  while (words.length) {
    var w = words.splice(0, 16), v = h.slice(), a, b;
    for (j = 0; j < 64; j++) {
      if (j > 15) {
        a = w[j - 15]; b = w[j - 2];
        w[j] = w[j - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >>> 3) + w[j - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >>> 10);
      }
      a = v[7] + mix(v[4], 6, 11, 25) + (v[4] & v[5] ^ ~v[4] & v[6]) + k[j] + (w[j] |= 0);
      v.unshift(a + mix(v[0], 2, 13, 22) + (v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]) | 0);
      v[4] = v[4] + a | 0;
    }
    for (j = 0; j < 8; j++) h[j] = h[j] + v[j] | 0;
  }
  return h[0] + '.' + h[1];
}

/** The host itself (with = where the list means no other), then each parent domain; an address of digits only as it is. */
function listed(location) {
  var host = location.hostname.replace(/\.$/, ''), port = location.port || (location.protocol === 'http:' ? 80 : 443);
  var names = ['=' + host, host], at;
  for (at = host; !/^[\d.]+$|:/.test(host) && at.indexOf('.') > 0;) names.push((at = at.slice(at.indexOf('.') + 1)));
  return names.concat(names.map(function (name) { return name + ':' + port; })).some(function (claim) {
    return settings.hosts.indexOf(sha256(settings.code + claim)) >= 0;
  });
}
