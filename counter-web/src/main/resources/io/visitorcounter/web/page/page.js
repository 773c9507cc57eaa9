'use strict';
// Without this script the page says the count of its visit; with it, the count as it changes.
(() => {
  const count = document.getElementById('count');
  const you = document.getElementById('you');
  const state = document.getElementById('state');
  const pause = document.getElementById('pause');
  const own = Number(count.dataset.number);
  let generation = null;
  let source = null;
  let paused = false;

  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');

  const say = (word) => {
    state.textContent = word;
    state.className = word === 'Live' ? 'on' : '';
  };

  // What the page says elsewhere of the running hour and day follows the count.
  const follow = (element, more) => {
    const n = Number(element.dataset.visits) + more;
    const unit = element.dataset.unit ? ' ' + element.dataset.unit + (n === 1 ? '' : 's') : '';
    if (element.dataset.top) {
      const height = Math.min(1, n / element.dataset.top) * (element.dataset.floor - 34);
      element.setAttribute('height', n === 0 ? 0 : Math.max(2, height));
      element.setAttribute('y', element.dataset.floor - element.getAttribute('height'));
      element.firstChild.textContent = element.firstChild.textContent.replace(/[^ ]*$/, grouped(n));
    } else {
      element.textContent = grouped(n) + unit;
    }
  };

  const show = (n) => {
    const digits = String(n).length;
    count.textContent = grouped(n);
    count.className = digits < 8 ? '' : digits < 11 ? 'long' : digits < 14 ? 'longer' : 'longest';
    if (n !== own) you.hidden = false;
    if (n >= own) document.querySelectorAll('[data-visits]').forEach((element) => follow(element, n - own));
  };

  const open = () => {
    if (source || paused || document.hidden) return;
    say('Connecting');
    source = new EventSource(count.dataset.live);
    source.onmessage = (event) => {
      const now = JSON.parse(event.data);
      generation ??= now.generation;
      // Within a generation the count only grows, so less than the visitor's own number is older than the page.
      show(now.generation === generation ? Math.max(now.value, own) : now.value);
    };
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
