/**
 * What every Node of ours is started with. On processors with memory protection keys, V8's bookkeeping of WASM code can end a process with a failed check
 * (nodejs/node #64500); without the keys there is nothing to keep.
 */
export const NODE_FLAGS: readonly string[] = ['--no-memory-protection-keys']
