// Theme and language before the first paint; a file of its own because the content policy allows no inline script.
(function () {
	var root = document.documentElement;
	var stored = function (key) {
		try {
			return localStorage.getItem(key);
		} catch (e) {
			return null;
		}
	};
	var mode = stored('mode-watcher-mode') || 'system';
	var dark = mode === 'dark' || (mode === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
	root.classList.toggle('dark', dark);
	root.style.colorScheme = dark ? 'dark' : 'light';
	var language = stored('PARAGLIDE_LOCALE') || (navigator.language || 'en').slice(0, 2);
	root.lang = language === 'fr' ? 'fr' : 'en';
})();
