import type { Shipped } from './shippedPackages.ts'

/** The page docs/licences.md: each licence with the packages under it. */
export function licencePage(packages: readonly Shipped[]): string {
  const byLicence = Map.groupBy(packages, ({ licence }) => licence ?? 'none that is known')
  const sections = [...byLicence].sort(([a], [b]) => (a < b ? -1 : 1)).map(([licence, under]) => section(licence, under))
  return `# Licences

What ships with the gateway besides its own code (Apache-2.0), by licence. \`npm run sbom\` writes this page from the lock file; a test compares them, and
fails for a licence that \`tools/supply/licences.ts\` does not allow. Development tools are not listed.

${sections.join('\n')}`
}

function section(licence: string, packages: readonly Shipped[]): string {
  const names = [...new Set(packages.map(({ name }) => name))]
  return `## ${licence}\n\n${names.map((name) => `- ${name}\n`).join('')}`
}
