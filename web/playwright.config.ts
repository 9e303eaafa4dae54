import { defineConfig } from '@playwright/test';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const port = 8123;
const assay = process.env.ASSAY ?? '../.venv/bin/assay';

/** The real platform on an empty home: what a person sees after the first `make run`. */
export default defineConfig({
	projects: [
		{ name: 'e2e', testDir: 'e2e', testIgnore: 'axe.spec.ts' },
		// It only reads, so it may be two at once.
		{ name: 'barriers', testDir: 'e2e', testMatch: 'axe.spec.ts', fullyParallel: true },
		{ name: 'bench', testDir: 'bench' },
		{ name: 'pictures', testDir: 'pictures' }
	],
	fullyParallel: false,
	workers: 1,
	timeout: 240_000,
	expect: { timeout: 30_000 },
	reporter: [['list']],
	use: {
		baseURL: `http://127.0.0.1:${port}`,
		locale: 'en-GB',
		viewport: { width: 1440, height: 900 },
		// A recorder takes half of a story's time, and of sixty frames two to eight: TRACE=1 make e2e keeps what it saw of a failure.
		trace: process.env.TRACE ? 'retain-on-failure' : 'off',
		launchOptions: {
			...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	},
	webServer: {
		command: `${assay} serve --port ${port}`,
		env: { ASSAY_HOME: process.env.ASSAY_E2E_HOME ?? mkdtempSync(join(tmpdir(), 'assay-e2e-')) },
		url: `http://127.0.0.1:${port}/api/v1/health/ready`,
		timeout: 60_000
	}
});
