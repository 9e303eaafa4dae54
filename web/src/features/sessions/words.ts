import type { Schemas } from '$lib/api/client';
import { m } from '$lib/paraglide/messages';

/** How a session's state is said, and in which tone. */
export const states = {
	queued: { tone: 'neutral', words: m.state_queued },
	running: { tone: 'up', words: m.state_running },
	finished: { tone: 'brand', words: m.state_finished },
	failed: { tone: 'down', words: m.state_failed },
	stopped: { tone: 'warn', words: m.state_stopped }
} as const satisfies Record<Schemas['SessionItem']['state'], { tone: string; words: () => string }>;
