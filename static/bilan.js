'use strict';
// Everything works without this file: it says what a lost connection hides,
// and leads the reader to what must be corrected.
(() => {
  const unsaved = new Map(); // a field with data-autosave, by form and name → 'typed' or 'sent'
  const waiting = new Map(); // a field, likewise → its next try: a later answer to the same question takes its place

  // A question's radio buttons are one field: they share their form and name with their group, which saves them.
  const keyOf = (field) => `${(field.form ?? field).action} ${field.form ? field.name : ''}`;

  function say(element, cause) {
    const line = document.getElementById(element.dataset.status);
    const words = document.createElement('span');
    words.className = 'is-problem';
    words.textContent = `Non enregistré : ${cause}. Votre texte reste dans le champ ; nouvel essai dans quelques secondes.`;
    if (line) line.replaceChildren(words);
    clearTimeout(waiting.get(keyOf(element)));
    waiting.set(keyOf(element), setTimeout(() => window.htmx.trigger(element, 'retry'), 5000));
  }
  const lost = (event) => event.target.dataset?.status && say(event.target, 'la connexion manque');
  document.addEventListener('htmx:sendError', lost);
  document.addEventListener('htmx:timeout', lost);

  // The server asks only whether a request is htmx's: where it came from stays here.
  document.addEventListener('htmx:configRequest', (event) => {
    ['HX-Current-URL', 'HX-Trigger', 'HX-Trigger-Name', 'HX-Target'].forEach((name) => delete event.detail.headers[name]);
  });

  // A passing failure (5xx, too many requests) is said and tried again; any
  // other answer (refusal, conflict) is the server's to explain, and is swapped.
  const passing = (event) => event.target.dataset?.status && (event.detail.xhr.status >= 500 || event.detail.xhr.status === 429);
  document.addEventListener('htmx:beforeSwap', (event) => { if (passing(event)) event.detail.shouldSwap = false; });
  document.addEventListener('htmx:responseError', (event) => { if (passing(event)) say(event.target, 'le service ne répond pas'); });

  // A caution that has not changed is left as it is: put again at each save, it would be announced each time.
  const wordsOf = (element) => element.textContent.replace(/\s+/g, ' ').trim();
  document.addEventListener('htmx:oobBeforeSwap', (event) => {
    const { target, fragment } = event.detail;
    if (target.matches('.caution') && wordsOf(target) === wordsOf(fragment)) event.detail.shouldSwap = false;
  });

  const leadToErrors = (root) => (root.matches?.('[data-error-summary]') ? root : root.querySelector('[data-error-summary]'))?.focus();
  // Whoever came by the skip link still has its anchor in the address, which would take the focus from what is to be corrected.
  if (location.hash && document.querySelector('[data-error-summary]')) history.replaceState(history.state, '', location.pathname + location.search);
  leadToErrors(document);
  document.addEventListener('htmx:afterSettle', (event) => leadToErrors(event.target));

  // Words typed while a save is under way are not covered by its success.
  const keysOf = (element) => (element.elements ? [...element.elements] : [element]).map(keyOf).filter((key) => unsaved.has(key));
  document.addEventListener('input', (event) => { if (event.target.closest('[data-autosave]')) unsaved.set(keyOf(event.target), 'typed'); });
  document.addEventListener('submit', (event) => { if (!event.defaultPrevented) unsaved.clear(); });
  document.addEventListener('htmx:beforeSend', (event) => keysOf(event.target).forEach((key) => unsaved.set(key, 'sent')));
  document.addEventListener('htmx:afterRequest', (event) => {
    const saved = event.detail.xhr.status >= 200 && event.detail.xhr.status < 300; // 409 and 422 are swapped, but nothing is saved
    if (!saved) return;
    clearTimeout(waiting.get(keyOf(event.target)));
    keysOf(event.target).forEach((key) => { if (unsaved.get(key) === 'sent') unsaved.delete(key); });
  });
  // A text that takes light formatting gets two buttons: they write the marks that one may also type.
  function mark(area, around) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const chosen = value.slice(from, to);
    // A list takes whole lines.
    const start = around ? from : value.lastIndexOf('\n', from - 1) + 1;
    const lines = value.slice(start, to).split('\n').map((line) => `- ${line}`).join('\n');
    area.setRangeText(around ? `**${chosen}**` : lines, start, to, 'end');
    if (around && !chosen) area.setSelectionRange(from + 2, from + 2);
    area.focus();
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  document.querySelectorAll('textarea[data-format]').forEach((area) => {
    const bar = document.createElement('div');
    bar.className = 'actions';
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', 'Mise en forme');
    [['Gras', true], ['Liste', false]].forEach(([words, around]) => {
      const press = document.createElement('button');
      press.type = 'button';
      press.className = 'button button-secondary button-small';
      press.textContent = words;
      press.addEventListener('click', () => mark(area, around));
      bar.append(press);
    });
    area.before(bar);
  });
  // A file that is too large is said before it is sent: from a phone that takes minutes.
  document.addEventListener('change', (event) => {
    const field = event.target, line = document.getElementById(field.dataset.sizeStatus);
    if (!line) return;
    const large = [...field.files].some((file) => file.size > Number(field.dataset.maxBytes));
    const words = Object.assign(document.createElement('span'), { className: 'is-problem', textContent: field.dataset.tooLarge });
    line.replaceChildren(...(large ? [words] : []));
    if (large) field.value = '';
  });

  // The browser's own voice reads a page, or one question: only a French voice that is on this machine, so that nothing leaves it.
  const SILENT = '.listen, .sections, [aria-hidden="true"], svg, button, select, textarea, script';
  const CLIPPED = '.visually-hidden, .trap, thead'; // the head of a table only where each row reads as a card
  const isClipped = (one) => one && getComputedStyle(one).position === 'absolute';
  // Every text that is seen, in its order: what stands in one block, inline or around another block, is said in one go.
  function piecesIn(root) {
    const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode, last = found.at(-1);
      if (node.nodeType === 1) {
        if (last && node.tagName === 'BR') last.words += ' ';
        continue;
      }
      let block = node.parentElement;
      if (block.closest(SILENT) || isClipped(block.closest(CLIPPED)) || !block.checkVisibility()) continue;
      while (block !== root && /^(inline|contents)/.test(getComputedStyle(block).display)) block = block.parentElement;
      if (last?.block === block) last.words += node.data;
      else if (node.data.trim()) found.push({ block, words: node.data });
    }
    return found.map(({ block, words }) => ({ block, words: words.replace(/\s+/g, ' ').trim() }));
  }

  const speech = window.speechSynthesis;
  function offerToRead() {
    const voice = speech.getVoices().find((one) => one.localService && /^fr/i.test(one.lang));
    const head = document.querySelector('.page-head');
    if (!voice || !head || document.querySelector('.listen')) return;
    let left = [], said = null, piece = null, asked = null;
    const make = (words, act) => {
      const press = Object.assign(document.createElement('button'), { type: 'button', className: 'button button-secondary button-small', textContent: words });
      press.dataset.words = words;
      press.addEventListener('click', act);
      return press;
    };
    function stop() {
      piece?.block.classList.remove('is-read');
      if (asked) asked.textContent = asked.dataset.words;
      left = [], said = piece = asked = null;
      halt.hidden = true;
      speech.cancel();
    }
    function next() {
      piece?.block.classList.remove('is-read');
      piece = left.shift();
      if (!piece) { stop(); return; }
      piece.block.classList.add('is-read');
      piece.block.scrollIntoView({ block: 'nearest' });
      const mine = said = Object.assign(new SpeechSynthesisUtterance(piece.words), { voice, lang: voice.lang, rate: Number(speed.value) });
      mine.onend = mine.onerror = () => { if (said === mine) next(); };
      speech.speak(mine);
    }
    // Pressed again while it reads, it pauses; then it goes on.
    const reading = (root) => (event) => {
      const press = event.currentTarget;
      if (asked === press) {
        if (speech.paused) speech.resume(); else speech.pause();
        press.textContent = press.textContent === 'Reprendre' ? 'Mettre en pause' : 'Reprendre';
        return;
      }
      stop();
      asked = press, left = piecesIn(root), halt.hidden = false;
      press.textContent = 'Mettre en pause';
      next();
    };
    const bar = Object.assign(document.createElement('div'), { className: 'listen' });
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', 'Écouter');
    const halt = make('Arrêter', stop);
    halt.hidden = true;
    const label = Object.assign(document.createElement('label'), { htmlFor: 'vitesse', textContent: 'Vitesse' });
    const speed = Object.assign(document.createElement('select'), { id: 'vitesse', className: 'input' });
    [['0.75', 'lente'], ['1', 'normale'], ['1.25', 'rapide'], ['1.5', 'très rapide']].forEach(([rate, words]) => speed.add(new Option(words, rate, false, rate === '1')));
    bar.append(make('Écouter la page', reading(document.querySelector('main'))), halt, label, speed);
    head.after(bar);
    // A page of a questionnaire, a survey, and whatever is answered by one of several choices elsewhere.
    document.querySelectorAll('.question-box, [data-questions] > .field, fieldset[role="radiogroup"]:not(.question-box *)').forEach((box) => {
      const legend = box.querySelector('legend, label');
      const press = make('Écouter', reading(box));
      if (legend) press.setAttribute('aria-describedby', legend.id ||= `lire-${Math.random().toString(36).slice(2)}`);
      const line = Object.assign(document.createElement('div'), { className: 'listen' });
      line.append(press);
      if (box.matches('fieldset')) legend.after(line); else box.prepend(line); // a legend comes first
    });
    window.addEventListener('pagehide', stop);
  }
  if (speech) {
    offerToRead();
    speech.addEventListener?.('voiceschanged', offerToRead);
  }

  // The status line's own link leads to where a text kept by the server waits.
  document.addEventListener('click', (event) => { if (event.target.closest('.status-line a')) unsaved.clear(); });
  window.addEventListener('beforeunload', (event) => { if (unsaved.size) event.preventDefault(); });
})();
