// Audio worklet: mono s16le in pieces of about 50 ms at the device's own rate; the server resamples.
class Capture extends AudioWorkletProcessor {
  constructor() { super(); this.kept = []; this.n = 0; }
  process(inputs) {
    const input = inputs[0];
    if (!input.length) return true;
    const out = new Int16Array(input[0].length);
    for (let i = 0; i < out.length; i++) {
      let x = 0;
      for (const channel of input) x += channel[i];
      x = Math.max(-1, Math.min(1, x / input.length));
      out[i] = x < 0 ? x * 32768 : x * 32767;
    }
    this.kept.push(out); this.n += out.length;
    if (this.n >= sampleRate / 20) {
      const all = new Int16Array(this.n);
      let at = 0;
      for (const k of this.kept) { all.set(k, at); at += k.length; }
      this.kept = []; this.n = 0;
      this.port.postMessage(all.buffer, [all.buffer]);
    }
    return true;
  }
}
registerProcessor('calame-capture', Capture);
