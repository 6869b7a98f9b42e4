// Imports point inward (design §3): trigger → use case → port ← adapter; shared knows nobody; a feature never imports a feature;
// a later pipeline stage never imports an earlier one's insides, and never the other way round.
const stages = ['index', 'transcode', 'store', 'verify', 'pack', 'publish', 'notify'];
const composition = '^cloudfunctions/src/(compose|bootstrap|configuration|demo|testing)';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'shared-knows-nobody', severity: 'error', from: { path: '^shared/src', pathNot: '\\.test\\.ts$|/testing/' }, to: { path: '^(cloudfunctions|h5|miniprogram|e2e|tools)|^(node:|fs|path|crypto)' } },
    { name: 'ports-import-no-adapter', severity: 'error', from: { path: '^cloudfunctions/src/ports' }, to: { path: '^cloudfunctions/src/(adapters|service|pipeline|gateway|function|http)', dependencyTypesNot: ['type-only'] } },
    { name: 'use-cases-reach-adapters-by-ports', severity: 'error', comment: 'repositories (adapters/database) are the written exception: SQL stands there, use cases call it', from: { path: '^cloudfunctions/src/(service|pipeline|gateway)', pathNot: '\\.test\\.ts$' }, to: { path: '^cloudfunctions/src/adapters/(?!database/)' } },
    { name: 'adapters-know-no-trigger', severity: 'error', from: { path: '^cloudfunctions/src/adapters', pathNot: '\\.test\\.ts$' }, to: { path: '^cloudfunctions/src/(http|function|gateway|compose|bootstrap)' } },
    { name: 'gateway-and-pipeline-apart', severity: 'error', from: { path: '^cloudfunctions/src/gateway', pathNot: '\\.test\\.ts$' }, to: { path: '^cloudfunctions/src/(pipeline|http|function|service)' } },
    { name: 'no-feature-imports-a-feature', severity: 'error', from: { path: '^h5/src/features/([^/]+)/' }, to: { path: '^h5/src/features/', pathNot: '^h5/src/features/$1/' } },
    { name: 'no-feature-of-the-patient-app-imports-a-feature', severity: 'error', from: { path: '^miniprogram/src/features/([^/]+)/' }, to: { path: '^miniprogram/src/features/', pathNot: '^miniprogram/src/features/$1/' } },
    { name: 'patient-app-builds-up', severity: 'error', comment: 'pages → features → session, ui → platform', from: { path: '^miniprogram/src/(features|session|ui|platform)/', pathNot: '\\.test\\.ts$' }, to: { path: '^miniprogram/src/(pages|subpackages|app)' } },
    { name: 'platform-knows-nobody-of-the-app', severity: 'error', from: { path: '^miniprogram/src/platform/', pathNot: '\\.test\\.ts$' }, to: { path: '^miniprogram/src/(features|session|ui|pages|subpackages|app)' } },
    ...stages.map((stage) => ({
      name: `stage-${stage}-knows-no-other-stage`,
      severity: 'error',
      comment: 'stages are put together in pipeline/*.ts; only types may be named across',
      from: { path: `^cloudfunctions/src/pipeline/${stage}/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^cloudfunctions/src/pipeline/[^/]+/', pathNot: `^cloudfunctions/src/pipeline/${stage}/`, dependencyTypesNot: ['type-only'] },
    })),
    { name: 'tests-stay-out-of-the-product', severity: 'error', from: { pathNot: `\\.test\\.tsx?$|${composition}|/testing/|harness` }, to: { path: '\\.test\\.ts$|/testing/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules|dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: require('node:path').join(__dirname, 'tsconfig.rules.json') },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.weapp.ts', '.h5.ts', '.js', '.mjs', '.css'], conditionNames: ['source', 'import', 'require', 'default'] },
  },
};
