import { wrapFetchWithPayment, x402Client, x402HTTPClient } from '@x402/fetch'

type Scheme = Parameters<typeof x402Client.fromConfig>[0]['schemes'][number]['client']

/** Which of the offers a client takes. */
export type Policy = Parameters<x402Client['registerPolicy']>[0]

/** The unmodified client of a customer who signs by this scheme, and the last proof that it sent. */
export function recordedClient(scheme: Scheme, policies: Policy[] = []) {
  const sent: Request[] = []
  const recorded = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    sent.push(request.clone())
    return fetch(request)
  }) as typeof fetch
  const client = x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: scheme }], spendControls: false, policies })
  return {
    get: wrapFetchWithPayment(recorded, client),
    again: () => fetch(sent.at(-1)!.clone()),
    read: (response: Response) => new x402HTTPClient(client).getPaymentSettleResponse((name) => response.headers.get(name)),
  }
}
