import { GroundError } from '../../errors/groundError.ts'

/** A host with or without its port, `*.` for all hosts below one, an origin, or `*` alone. */
const SITE = /^(?:\*|(?:https?:\/\/)?(?:\*\.)?(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?)$/

/** Refuses a list that names nothing, or what is no site. */
export function checkSites(sites: readonly string[]): void {
  for (const site of sites) {
    if (SITE.test(site)) continue
    throw new GroundError('unsafe_configuration', `budget.sites names "${site.slice(0, 80)}", which is no site`, {
      hint: "Write a host such as 'api.example.com', '*.example.com' for those below it, or '*' for every site.",
    })
  }
}

/** True when one of the sites takes in this origin. A site without a port is that host at any port, one without a scheme at both. */
export function allowsSite(sites: readonly string[], origin: string): boolean {
  const { protocol, hostname, port } = new URL(origin)
  return sites.some((site) => {
    if (site === '*') return true
    const [, scheme, host, itsPort] = /^(https?:)?(?:\/\/)?(.+?)(?::([0-9]+))?$/.exec(site)!
    if (scheme !== undefined && scheme !== protocol) return false
    if (itsPort !== undefined && itsPort !== (port || (protocol === 'https:' ? '443' : '80'))) return false
    const name = host!.toLowerCase()
    return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name
  })
}
