'use strict';
// Without this script the page says the count of its visit; with it, the count as it changes.
(() => {
  const count = document.getElementById('count');
  const state = document.getElementById('state');
  const pause = document.getElementById('pause');
  let source = null;
  let paused = false;

  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');

  const say = (word) => {
    state.textContent = word;
    state.className = word === 'Live' ? 'on' : '';
  };

  const open = () => {
    if (source || paused || document.hidden) return;
    source = new EventSource(count.dataset.live);
    source.onmessage = (event) => { count.textContent = grouped(JSON.parse(event.data).value); };
    source.onopen = () => { say('Live'); };
    source.onerror = () => {
      // The browser tries again after a cut, but not after a refusal.
      if (source.readyState === EventSource.CLOSED) {
        close();
        say('Not live');
        setTimeout(open, 30000);
      } else {
        say('Reconnecting');
      }
    };
  };
  const close = () => {
    if (source) source.close();
    source = null;
  };

  pause.addEventListener('click', () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    if (paused) {
      close();
      say('Paused');
    } else {
      open();
    }
  });
  // A tab that nobody sees needs no stream; browsers allow six to a server.
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  document.getElementById('live').hidden = false;
  open();
})();
