'use strict';
// The key of the second factor: the browser asks for it, and what it answers goes with the form.
(() => {
  const form = document.querySelector('form[data-passkey]');
  const line = document.getElementById('passkey-status');
  if (!form || !line) return;
  const press = form.querySelector('button[type="submit"]');
  const CANCELLED = 'La clé n’a pas répondu, ou vous avez renoncé. Rien n’est perdu : vous pouvez recommencer.';
  const WORDS = {
    InvalidStateError: 'Cette clé est déjà dans votre liste.',
    SecurityError: 'Cette adresse n’accepte pas de clé d’accès.',
  };

  // Bytes travel as base64url.
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const named = (keys) => (keys ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  function asked() {
    const options = JSON.parse(form.dataset.options);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    options.excludeCredentials = named(options.excludeCredentials);
    options.allowCredentials = named(options.allowCredentials);
    return { publicKey: options };
  }

  function answer(key) {
    const response = {};
    ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].forEach((name) => {
      if (key.response[name]) response[name] = text(key.response[name]);
    });
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
  }

  if (!window.PublicKeyCredential || !navigator.credentials) {
    line.textContent = 'Ce navigateur ne connaît pas les clés d’accès.';
    return;
  }
  line.textContent = '';
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    // What is missing is the server's to say, before any key is touched.
    if ([...form.elements].some((field) => field.required && !field.value.trim())) return;
    event.preventDefault();
    press.disabled = true;
    line.textContent = 'Suivez ce que demande votre navigateur…';
    try {
      const key = await navigator.credentials[form.dataset.passkey](asked());
      form.elements.answer.value = answer(key);
      form.submit();
    } catch (fault) {
      press.disabled = false;
      line.textContent = WORDS[fault.name] ?? CANCELLED;
    }
  });
})();
