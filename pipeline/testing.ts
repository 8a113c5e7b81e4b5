/** For a user's own unit tests of a stack, and for an app's synthesis: exported as mailward/testing. */
export { type JudgeOnSynthOptions, judgeOnSynth, type SynthApp, waivedBy } from "./judge-on-synth.ts";
export { type JudgeStackOptions, judgeStack, type StackJudgement } from "./judge-stack.ts";
