import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const api = process.env.ASSAY_API ?? 'http://127.0.0.1:8000';

export default defineConfig({
	plugins: [
		tailwindcss(),
		// Under vitest the plugin hangs for ten seconds at exit; the messages are compiled before.
		!process.env.VITEST &&
			paraglideVitePlugin({
				project: './project.inlang',
				outdir: './src/lib/paraglide',
				strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
				emitTsDeclarations: true
			}),
		sveltekit({
			adapter: adapter({ fallback: 'index.html', precompress: true, strict: true }),
			version: { pollInterval: 60_000 },
			csp: {
				mode: 'hash',
				directives: {
					'default-src': ['self'],
					'script-src': ['self'],
					'style-src-elem': ['self'],
					'style-src-attr': ['unsafe-inline'],
					'img-src': ['self', 'data:', 'blob:'],
					'connect-src': ['self'],
					'object-src': ['none'],
					'base-uri': ['self'],
					'form-action': ['self']
				}
			}
		}),
		svelteTesting()
	],
	server: {
		proxy: { '/api': api, '/ws': { target: api.replace('http', 'ws'), ws: true } }
	},
	test: {
		environment: 'jsdom',
		// A document for each file takes four times as long as all tests; none leaves anything in it.
		isolate: false,
		include: ['src/**/*.test.ts'],
		setupFiles: ['./src/test-setup.ts']
	}
});
