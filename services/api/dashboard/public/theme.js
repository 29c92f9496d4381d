// Runs before the first paint, so that a dark page never flashes white. A file, not inline, for the sake of CSP.
(function () {
  var choice = 'system';
  try {
    choice = localStorage.getItem('millrace.theme') || 'system';
  } catch {
    // Storage may be forbidden; the system's choice is right then.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
