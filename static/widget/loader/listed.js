/** Is this page among the widget's domains? The script holds them as salted hashes only. */

/** The 64 bits of widgets/short_hash.py: XTEA over an ASCII text. Written out, because the browser's own take time and https. */
function hashed(text) {
  var a = 0, b = 0, at = 0, x, y, sum, key, i;
  text += '\x80';
  while (at < text.length) {
    key = [0, 0, 0, 0];
    for (i = 0; i < 16; i++) key[i >> 2] |= text.charCodeAt(at++) << 8 * i; // by how much, the browser takes modulo 32
    x = a;
    y = b;
    for (i = sum = 0; i < 32; i++) {
      x += (y << 4 ^ y >>> 5) + y ^ sum + key[sum & 3];
      sum = sum + 0x9e3779b9 | 0;
      y += (x << 4 ^ x >>> 5) + x ^ sum + key[sum >>> 11 & 3];
      x |= 0;
      y |= 0;
    }
    a ^= x;
    b ^= y;
  }
  return a + '.' + b;
}

/** The host itself (with = where the list means no other), then each parent domain; an address of digits only as it is. */
function listed(location) {
  var host = location.hostname.replace(/\.$/, ''), port = location.port || (location.protocol === 'http:' ? 80 : 443);
  var names = ['=' + host, host], at;
  for (at = host; !/^[\d.]+$|:/.test(host) && at.indexOf('.') > 0;) names.push((at = at.slice(at.indexOf('.') + 1)));
  return names.concat(names.map(function (name) { return name + ':' + port; })).some(function (claim) {
    return settings.hosts.indexOf(hashed(settings.code + claim)) >= 0;
  });
}
