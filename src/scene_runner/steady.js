// Give a page the same time and the same random numbers each time. Runs in every frame before its own scripts.
({ fixedMs, seed }) => {
  const replace = (object, name, value) =>
    Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });

  // Timers, animations and performance.now go on: only what tells the time of day stands still.
  const stopClock = () => {
    const RealDate = Date;
    const SteadyDate = new Proxy(RealDate, {
      construct: (target, given, newTarget) => Reflect.construct(target, given.length ? given : [fixedMs], newTarget),
      apply: () => new RealDate(fixedMs).toString(),
    });
    replace(RealDate, 'now', () => fixedMs);
    replace(RealDate.prototype, 'constructor', SteadyDate);
    replace(globalThis, 'Date', SteadyDate);

    const formats = Intl.DateTimeFormat.prototype;
    const { get: formatOf } = Object.getOwnPropertyDescriptor(formats, 'format');
    Object.defineProperty(formats, 'format', {
      configurable: true,
      get() {
        const format = formatOf.call(this);
        return (date = fixedMs) => format(date);
      },
    });
    const { formatToParts } = formats;
    replace(formats, 'formatToParts', function parts(date = fixedMs) { return formatToParts.call(this, date); });

    const now = globalThis.Temporal?.Now;
    if (!now) return;
    replace(now, 'instant', () => Temporal.Instant.fromEpochMilliseconds(fixedMs));
    replace(now, 'zonedDateTimeISO', (zone = now.timeZoneId()) => now.instant().toZonedDateTimeISO(zone));
    replace(now, 'plainDateTimeISO', (zone) => now.zonedDateTimeISO(zone).toPlainDateTime());
    replace(now, 'plainDateISO', (zone) => now.zonedDateTimeISO(zone).toPlainDate());
    replace(now, 'plainTimeISO', (zone) => now.zonedDateTimeISO(zone).toPlainTime());
  };

  const seedRandom = () => {
    let state = seed;
    // Mulberry32 by Tommy Ettinger, in the public domain.
    const next = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return (mixed ^ (mixed >>> 14)) >>> 0;
    };
    replace(Math, 'random', () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53);

    const cryptography = globalThis.Crypto?.prototype;
    if (!cryptography) return;
    const { getRandomValues } = cryptography;
    const fill = (bytes) => { for (let n = 0; n < bytes.length; n += 1) bytes[n] = next() & 255; return bytes; };
    replace(cryptography, 'getRandomValues', function values(array) {
      getRandomValues.call(this, array); // refuses what it always refuses
      fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      return array;
    });
    if (!cryptography.randomUUID) return;
    replace(cryptography, 'randomUUID', () => {
      const bytes = fill(new Uint8Array(16));
      bytes[6] = (bytes[6] & 15) | 64;
      bytes[8] = (bytes[8] & 63) | 128;
      const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    });
  };

  if (fixedMs !== null) stopClock();
  if (seed !== null) seedRandom();
}
