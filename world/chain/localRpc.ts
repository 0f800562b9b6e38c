const TIMEOUT_MS = 10_000

/** One JSON-RPC call to the local chain; throws with the node's words. */
export type LocalRpc = (method: string, params: readonly unknown[]) => Promise<unknown>

/** Calls the node at this address, for what no library offers: how a test chain is set up and kept going. */
export function localRpc(rpcUrl: string): LocalRpc {
  return async (method, params) => {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    // A node's own answer, in its standard envelope.
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } }
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result
  }
}
