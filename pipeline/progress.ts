/** What a long run tells whoever watches. The pipeline emits; cli/ draws. */
export type ProgressEvent =
	| { type: "stage"; stage: "collect" | "evaluate" | "report" }
	| { type: "target-started"; target: string; kind: string }
	| { type: "target-finished"; target: string; kind: string; items: number; errors: number; done: number; of: number }
	| { type: "note"; text: string };

export type Progress = (event: ProgressEvent) => void;
