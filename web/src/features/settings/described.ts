import { m } from '$lib/paraglide/messages';

/** Settings in the reader's language; one that is newer than this table keeps the server's own words. */
const WORDS: Record<string, { label: () => string; hint: () => string }> = {
	host: { label: m.setting_host, hint: m.setting_host_hint },
	port: { label: m.setting_port, hint: m.setting_port_hint },
	log_level: { label: m.setting_log_level, hint: m.setting_log_level_hint },
	workers: { label: m.setting_workers, hint: m.setting_workers_hint },
	import_mib: { label: m.setting_import_mib, hint: m.setting_import_mib_hint },
	preview_bars: { label: m.setting_preview_bars, hint: m.setting_preview_bars_hint },
	cached_bars: { label: m.setting_cached_bars, hint: m.setting_cached_bars_hint },
	cache_seconds: { label: m.setting_cache_seconds, hint: m.setting_cache_seconds_hint },
	refresh_by_itself: { label: m.setting_refresh_by_itself, hint: m.setting_refresh_by_itself_hint },
	database_url: { label: m.setting_database_url, hint: m.setting_database_url_hint }
};

export function described(name: string): { label: string; hint: string } | null {
	const words = WORDS[name];
	return words ? { label: words.label(), hint: words.hint() } : null;
}
