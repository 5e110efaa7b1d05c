// What axe does not look at. Each check is a function of the page as it is and returns its faults, in words.
(() => {
  const AUTHORS = { // 1.4.12 of WCAG: the spacing that a reader may ask for
    'line-height': '1.5', 'letter-spacing': '.12em', 'word-spacing': '.16em',
  };
  const FOREIGN = /\b(Big Five|Interest Profiler|International Personality Item Pool|Mini-IPIP|burn-?out|feed-?back|brainstorming|workshop|dashboard|skip to|home page|sign in|log ?out|follow[- ]up|survey|career|work values)\b/i;
  const OWN_DATA = { email: ['email', 'username'], phone: ['tel'], tel: ['tel'], name: ['name'], display_name: ['name'], password: ['current-password', 'new-password'] };
  const PRESENTATION = 'center, font, basefont, big, tt, strike, u, marquee, blink, spacer, [align], [bgcolor], [border], [cellpadding], [cellspacing], [valign], [style]';
  const FOCUSABLE = 'a[href], button, input:not([type=hidden]), select, textarea, summary';

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const told = (one) => one.outerHTML.replace(/\s+/g, ' ').slice(0, 140);
  const words = (one) => (one.textContent ?? '').replace(/\s+/g, ' ').trim();
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getClientRects().length > 0;
  // Said, and not shown: a box of one pixel, what waits for the focus, a menu that is folded.
  const tiny = (one) => { const box = one.getBoundingClientRect(); return box.width <= 1 || box.height <= 1; };
  const hiddenForEyes = (one) => one.closest('.visually-hidden, .skip, .trap') !== null || tiny(one) || (one.closest('thead') && tiny(one.closest('thead')));
  const named = (one) => {
    const by = (one.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean).map((id) => document.getElementById(id));
    if (by.length) return by.map((other) => (other ? words(other) : '')).join(' ');
    return one.getAttribute('aria-label') ?? words(one);
  };

  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const colour = (css) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] > 127) return found;
    }
    return [255, 255, 255, 255];
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const checks = {
    reflow() {
      const root = document.documentElement, wide = root.clientWidth;
      if (root.scrollWidth <= wide) return [];
      const widest = all('main *, header *, footer *').filter((one) => one.getBoundingClientRect().right > wide + 1);
      return [`scrolls sideways: ${root.scrollWidth} px in ${wide}: ` + widest.slice(0, 3).map(told).join(' | ')];
    },
    clipped() { // text that its box hides
      return all('body *').filter((one) => {
        const style = getComputedStyle(one);
        if (!/hidden|clip/.test(style.overflowX + style.overflowY) || hiddenForEyes(one) || one.closest('svg') || !seen(one) || !words(one)) return false;
        return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
      }).map((one) => `hides a part of its text: ${told(one)}`);
    },
    'text-spacing'() {
      const sheet = new CSSStyleSheet();
      const asked = Object.entries(AUTHORS).map(([name, value]) => `${name}: ${value} !important;`).join(' ');
      sheet.replaceSync(`* { ${asked} } p { margin-bottom: 2em !important; }`);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      const faults = [...checks.reflow(), ...checks.clipped()];
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      return faults;
    },
    'target-size'() { // 44 px; a link in a sentence is left to axe, which asks 24 px or enough room
      const targets = all('button, select, textarea, summary, input:not([type=hidden]), nav a[href], a.button, [role=button]');
      return targets.filter((one) => {
        if (!seen(one) || hiddenForEyes(one) || one.disabled || one.closest('p')) return false;
        const pressed = /radio|checkbox/.test(one.type ?? '') ? one.closest('label') ?? one : one;
        const box = pressed.getBoundingClientRect();
        return box.height < 43.5 || (box.width < 43.5 && words(pressed).length !== 1);
      }).map((one) => {
        const box = one.getBoundingClientRect();
        return `${Math.round(box.width)} × ${Math.round(box.height)} px: ${told(one)}`;
      });
    },
    'reading-order'() { // what follows in the document follows on the screen: below, or to the right on the same line
      const faults = [];
      for (const parent of all('body, body *')) {
        if (parent.closest('svg, select, table') || hiddenForEyes(parent)) continue;
        const flow = [...parent.children].filter((one) => seen(one) && !hiddenForEyes(one) && words(one) && !/absolute|fixed/.test(getComputedStyle(one).position));
        flow.slice(1).forEach((one, rank) => {
          const before = flow[rank].getBoundingClientRect(), box = one.getBoundingClientRect();
          const shared = Math.min(before.bottom, box.bottom) - Math.max(before.top, box.top);
          const above = box.bottom <= before.top + 1;
          const left = box.right <= before.left + 1 && shared > Math.min(before.height, box.height) / 2;
          if (above || left) faults.push(`comes ${above ? 'above' : 'to the left of'} what it follows: ${told(one)}`);
        });
      }
      return faults;
    },
    title() {
      const headings = all('h1').map(words), title = document.title.replace(/\s+/g, ' ').trim();
      if (headings.length !== 1) return [`${headings.length} h1`];
      return headings[0] && title.startsWith(headings[0]) ? [] : [`the title « ${title} » does not begin with « ${headings[0]} »`];
    },
    language() {
      const faults = document.documentElement.lang === 'fr' ? [] : ['the page does not say that it is in French'];
      const reader = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (reader.nextNode()) {
        const found = reader.currentNode.data.match(FOREIGN);
        if (found && !reader.currentNode.parentElement.closest('script, style, textarea') && reader.currentNode.parentElement.closest('[lang]').lang === 'fr') {
          faults.push(`« ${found[0]} » is not said to be foreign: ${told(reader.currentNode.parentElement)}`);
        }
      }
      return faults;
    },
    tables() {
      const faults = [];
      for (const table of all('table').filter((one) => one.getAttribute('role') !== 'presentation')) {
        if (!table.caption || !words(table.caption)) faults.push(`no caption: ${told(table)}`);
        if (!table.querySelector('th')) faults.push(`no header: ${told(table)}`);
        faults.push(...all('th:not([scope])', table).map((one) => `no scope: ${told(one)}`));
      }
      return faults;
    },
    pictures() { // a picture says what it shows, or is not said at all
      const left = (one) => one.closest('[aria-hidden=true]') !== null;
      const bare = all('svg').filter((one) => !left(one) && !(one.getAttribute('role') === 'img' && (named(one).trim() || one.querySelector(':scope > title'))));
      return [...bare, ...all('img:not([alt]), canvas, object, embed, area:not([alt])').filter((one) => !left(one))].map((one) => `says nothing: ${told(one)}`);
    },
    'field-groups'() { // several answers to one question stand in one fieldset with a legend
      const names = new Map();
      const keyOf = (one) => `${[...document.forms].indexOf(one.form)} ${one.name}`;
      for (const one of all('input[type=radio], input[type=checkbox]')) names.set(keyOf(one), [...(names.get(keyOf(one)) ?? []), one]);
      return [...names.values()].filter((fields) => fields[0].type === 'radio' || fields.length > 1).filter((fields) => {
        const group = fields[0].closest('fieldset, [role=radiogroup], [role=group]');
        return !group || fields.some((one) => !group.contains(one)) || !(group.querySelector('legend') ? words(group.querySelector('legend')) : group.hasAttribute('aria-labelledby') || group.hasAttribute('aria-label'));
      }).map((fields) => `no legend: ${told(fields[0])}`);
    },
    descriptions() { // what is named by an id is there and says something; an error is tied to its field
      const faults = [];
      for (const one of all('[aria-describedby], [aria-labelledby], [aria-controls], [aria-owns]')) {
        for (const attribute of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'aria-owns']) {
          for (const id of (one.getAttribute(attribute) ?? '').split(/\s+/).filter(Boolean)) {
            const other = document.getElementById(id);
            if (!other || (/by$/.test(attribute) && !words(other) && !other.closest('[role=status], [aria-live]'))) faults.push(`${attribute} leads to nothing (${id}): ${told(one)}`);
          }
        }
      }
      for (const one of all('[aria-invalid=true]')) if (!/error/.test(one.getAttribute('aria-describedby') ?? '')) faults.push(`no error is tied to it: ${told(one)}`);
      return faults;
    },
    autocomplete() { // a field for one's own name, e-mail, telephone or password says so
      return all('main input[name]').filter((one) => one.name in OWN_DATA && !/hidden|checkbox|radio|search/.test(one.type) && seen(one))
        .filter((one) => ![...OWN_DATA[one.name], 'off'].some((token) => one.autocomplete.split(/\s+/).includes(token)))
        .map((one) => `its purpose is not said: ${told(one)}`);
    },
    'same-words'() { // links of the same words, in the same place, lead to the same page
      const met = new Map();
      const faults = [];
      for (const one of all('main a[href]').filter(seen)) {
        const place = one.closest('li, tr, article, .card, section, fieldset');
        const key = named(one).trim().toLowerCase();
        const others = met.get(key) ?? [];
        if (others.some((other) => other.one.href !== one.href && other.place === place)) faults.push(`two links « ${key} » lead to two pages: ${told(one)}`);
        met.set(key, [...others, { one, place }]);
      }
      return faults;
    },
    presentation() {
      const faults = document.doctype?.name === 'html' && document.compatMode === 'CSS1Compat' ? [] : ['no doctype'];
      return [...faults, ...all(PRESENTATION).filter((one) => !one.closest('svg')).map((one) => `is there for its looks: ${told(one)}`)];
    },
    'css-words'() { // no word comes from the stylesheet alone
      const faults = [];
      for (const one of all('body *')) {
        for (const where of ['::before', '::after']) {
          const content = getComputedStyle(one, where).content;
          const copied = [...one.attributes].some((attribute) => content.includes(attribute.value) && attribute.name.startsWith('data-') && attribute.value);
          if (/\p{L}{2}/u.test(content.replace(/counter\([^)]*\)|attr\([^)]*\)|normal|none|\/ ""/g, '')) && !content.endsWith('/ ""') && !copied) faults.push(`${content} ${where} of ${told(one)}`);
        }
      }
      return faults;
    },
    'field-contrast'() { // the limit of a field or of a button is seen: 3:1
      return all('main :is(input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea, .button:not(.button-quiet))').filter(seen).filter((one) => !one.disabled && !hiddenForEyes(one)).filter((one) => {
        const style = getComputedStyle(one), around = behind(one.parentElement);
        const limit = parseFloat(style.borderTopWidth) > 0 ? colour(style.borderTopColor) : around;
        return Math.max(contrast(limit, around), contrast(behind(one), around)) < 3;
      }).map((one) => `its limit is not seen: ${told(one)}`);
    },
    control() { // nothing begins, opens or moves by itself; no key is taken
      const found = all('[target]:not([target=_self]), meta[http-equiv=refresh], [autoplay], [accesskey], [autofocus], [onmousedown], [onpointerdown], [ontouchstart]');
      return found.map((one) => `is not the reader's to decide: ${told(one)}`);
    },
    navigation() { // the first stop leads past the header; one header, one main, one footer; the same menu at the same place
      const faults = [], first = all(FOCUSABLE).find((one) => one.checkVisibility());
      const goal = first?.getAttribute('href') ?? '';
      if (!goal.startsWith('#') || document.querySelector(goal)?.tagName !== 'MAIN') faults.push('the first stop does not lead to the content');
      for (const selector of ['body > header', 'body > main', 'body > footer']) if (all(selector).length !== 1) faults.push(`${all(selector).length} ${selector}`);
      for (const one of all('nav')) if (!named(one).trim() || !(one.hasAttribute('aria-label') || one.hasAttribute('aria-labelledby'))) faults.push(`a menu without a name: ${told(one)}`);
      return faults;
    },
    lists() { // what looks like a list is one
      return all('main p, main div').filter((one) => !one.children.length && /^\s*([•·‣▪]|[-–—] )\s*\S/.test(one.textContent) && seen(one)).map((one) => `is written as a list and is none: ${told(one)}`);
    },
  };
  return checks;
})()
