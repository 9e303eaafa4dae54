import { ApiError, once, problem, type Problem, type Schemas } from '$lib/api/client';

/** One file on its way: how much of it is sent, and then what the server made of it. */
export class FileImport {
	sent = $state(0);
	outcome: Schemas['Imported'] | null = $state(null);
	refusal: Problem | null = $state(null);

	constructor(
		readonly id: string,
		readonly name: string,
		readonly size: number
	) {}

	/** 'sending', then 'reading', then one of the ends. */
	get stage(): 'sending' | 'reading' | 'done' | 'refused' {
		if (this.outcome) return 'done';
		if (this.refusal) return 'refused';
		return this.sent < 1 ? 'sending' : 'reading';
	}
}

/** All files that were dropped on this page since it was opened, newest first. */
export class Imports {
	files: FileImport[] = $state([]);
	#ondone: () => void;

	constructor(ondone: () => void) {
		this.#ondone = ondone;
	}

	take(files: readonly File[]): void {
		for (const file of files) {
			const started = new FileImport(crypto.randomUUID(), file.name, file.size);
			this.files = [started, ...this.files];
			void this.#send(started, file);
		}
	}

	dismiss(id: string): void {
		this.files = this.files.filter((each) => each.id !== id);
	}

	/** XMLHttpRequest, because fetch does not say how much of a body is sent. */
	async #send(started: FileImport, file: File): Promise<void> {
		try {
			const response = await send(file, (share) => (started.sent = share));
			if (!response.ok) throw new ApiError(await problem(response));
			started.outcome = (await response.json()) as Schemas['Imported'];
			this.#ondone();
		} catch (error) {
			started.refusal =
				error instanceof ApiError
					? error.problem
					: { type: 'network', title: '', status: 0, detail: String(error), errors: [], trace_id: '' };
		}
	}
}

function send(file: File, onprogress: (share: number) => void): Promise<Response> {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open('POST', `/api/v1/market/import?filename=${encodeURIComponent(file.name)}`);
		request.setRequestHeader('Content-Type', 'application/octet-stream');
		for (const [name, value] of Object.entries(once())) request.setRequestHeader(name, value);
		request.upload.onprogress = (event) =>
			onprogress(event.total ? Math.min(event.loaded / event.total, 1) : 0);
		request.upload.onload = () => onprogress(1);
		request.onload = () =>
			resolve(
				new Response(request.responseText, {
					status: request.status,
					headers: { 'Content-Type': request.getResponseHeader('Content-Type') ?? '' }
				})
			);
		request.onerror = () => reject(new Error('the server does not answer'));
		request.send(file);
	});
}
