// What only the browser can do, on orders from the local server (WebSocket /canal):
// its microphone, the sound of a word, printing, files dropped on the page, and leaving when the session locks.
'use strict';
(() => {
  const KEYS = new Set(['F1', 'F2', 'F3', 'F4', 'F6', 'F7', 'F8', 'F9', 'F10']);
  addEventListener('keydown', (e) => {
    if (KEYS.has(e.key) || (e.ctrlKey && ['s', 'd', 'p', ','].includes(e.key))) e.preventDefault();
  }, true);

  let canal = null, retry = 300;
  const say = (m) => { if (canal && canal.readyState === 1) canal.send(m instanceof ArrayBuffer ? m : JSON.stringify(m)); };

  function open() {
    canal = new WebSocket(location.origin.replace(/^http/, 'ws') + '/canal');
    canal.binaryType = 'arraybuffer';
    canal.onopen = () => { retry = 300; say({ say: 'hello', focus: document.hasFocus() }); if (mic) say({ say: 'mic', rate: mic.ctx.sampleRate }); };
    canal.onmessage = (m) => { const o = JSON.parse(m.data); (orders[o.do] || (() => {}))(o); };
    canal.onclose = () => { setTimeout(check, retry); retry = Math.min(retry * 2, 4000); };
  }
  async function check() {
    try {
      const r = await fetch('/etat', { cache: 'no-store' });
      if (r.status === 401 || r.status === 403) { leave(); return; }
    } catch (e) { /* the server is away: try again */ }
    open();
  }
  function leave() { document.documentElement.style.visibility = 'hidden'; location.replace('/connexion'); }
  setInterval(async () => {
    try { const r = await fetch('/etat', { cache: 'no-store' }); if (r.status === 401 || r.status === 403) leave(); } catch (e) { /* away */ }
  }, 4000);
  addEventListener('focus', () => say({ say: 'focus' }));

  // --- sound out
  const player = new Audio();
  player.preload = 'auto';
  let until = null, ticking = null;
  const tick = () => {
    if (until !== null && player.currentTime >= until) player.pause();
    say({ say: 'at', s: player.currentTime, playing: !player.paused });
    if (player.paused) { clearInterval(ticking); ticking = null; }
  };
  player.onplay = () => { if (!ticking) ticking = setInterval(tick, 200); };
  player.onpause = tick;
  player.onerror = () => say({ say: 'sound-error' });

  // --- sound in
  let mic = null;
  async function micOn(o) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { deviceId: o.device ? { exact: o.device } : undefined, channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true }
      });
      const ctx = new AudioContext();
      await ctx.audioWorklet.addModule('/capture.js');
      const node = new AudioWorkletNode(ctx, 'calame-capture');
      node.port.onmessage = (m) => say(m.data);
      ctx.createMediaStreamSource(stream).connect(node);
      stream.getAudioTracks()[0].onended = () => say({ say: 'mic-gone' });
      mic = { stream, ctx };
      say({ say: 'mic', rate: ctx.sampleRate });
    } catch (e) { say({ say: 'mic-error', name: e.name }); }
  }
  function micOff() {
    if (!mic) return;
    mic.stream.getTracks().forEach((t) => t.stop());
    mic.ctx.close();
    mic = null;
  }

  const orders = {
    'play': (o) => {
      const src = new URL(o.src, location.href).href;
      if (player.src !== src) player.src = src;
      player.playbackRate = o.rate || 1; player.preservesPitch = true;
      until = o.until ?? null;
      const go = () => { player.currentTime = o.at || 0; player.play().catch(() => say({ say: 'sound-error' })); };
      if (player.readyState >= 1) go(); else player.addEventListener('loadedmetadata', go, { once: true });
    },
    'pause': () => player.pause(),
    'rate': (o) => { player.playbackRate = o.rate; },
    'mic-on': micOn,
    'mic-off': micOff,
    'print': (o) => {
      const f = document.createElement('iframe');
      f.style.display = 'none'; f.src = o.src;
      f.onload = () => { f.contentWindow.focus(); f.contentWindow.print(); setTimeout(() => f.remove(), 60000); };
      document.body.append(f);
    },
    'save': (o) => { const a = document.createElement('a'); a.href = o.src; a.download = o.name || ''; document.body.append(a); a.click(); a.remove(); },
    'leave': leave
  };

  // --- files dropped on the page
  const veil = document.createElement('div');
  veil.style.cssText = 'position:fixed;inset:12px;border:3px dashed #134b70;border-radius:14px;background:#d9e8f1ee;color:#0e3c5b;display:none;align-items:center;justify-content:center;font:600 22px Inter,sans-serif;z-index:9999;pointer-events:none';
  veil.textContent = document.documentElement.lang === 'en' ? 'Drop a recording to transcribe it' : 'Déposez un enregistrement pour le transcrire';
  addEventListener('DOMContentLoaded', () => document.body.append(veil));
  let depth = 0;
  const files = (e) => e.dataTransfer && [...e.dataTransfer.types].includes('Files');
  addEventListener('dragenter', (e) => { if (files(e)) { depth++; veil.style.display = 'flex'; } });
  addEventListener('dragleave', (e) => { if (files(e) && --depth <= 0) { depth = 0; veil.style.display = 'none'; } });
  addEventListener('dragover', (e) => { if (files(e)) e.preventDefault(); });
  addEventListener('drop', (e) => {
    if (!files(e)) return;
    e.preventDefault(); depth = 0; veil.style.display = 'none';
    const f = e.dataTransfer.files[0];
    if (f) fetch('/depot?nom=' + encodeURIComponent(f.name), { method: 'POST', body: f });
  });

  open();
})();
