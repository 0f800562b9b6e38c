import type { LocalState } from '../../world/localState.ts'

/** What to type once the local network is ready, where the command is called `name`: through npm's scripts in the repository, through npx elsewhere. */
export function devNext({ url, key, route }: LocalState, secondKey: string, name: string): string {
  const here = name === 'switchyard'
  const command = here ? 'npm run switchyard --' : `npx ${name}`
  return [
    '',
    `  gateway     ${url}   (OpenAPI: ${url}/openapi.json)`,
    `  demo route  ${route}   0.002 USD, shared by three`,
    `  API key     ${key}   (authorization: Bearer KEY)`,
    `  second key  ${secondKey}   (to approve above 1000 USD)`,
    '',
    '  Type next, in another terminal:',
    ...line(`curl -i ${route}`, 'one 402 for x402, MPP and L402 clients'),
    ...(here ? line('npm run demo', 'pay it with each client, pay three payees, verify, give back') : []),
    ...(here ? line('npm run pay -- l402', 'let one customer pay it; npm run pay names the others') : []),
    ...line(`${command} verify`, 'compare the ledger with every rail'),
    ...line(`${command} lightning status`, 'the node: channels, liquidity, alarms'),
    ...line(`${command} invoice 2.50`, 'ask for money: prints the page to pay it on'),
    '',
    '  Ctrl-C ends everything.',
  ].join('\n')
}

function line(typed: string, what: string): string[] {
  return [`    ${typed}`, `        ${what}`]
}
