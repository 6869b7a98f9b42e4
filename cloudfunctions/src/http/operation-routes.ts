/** For operators and probes, outside the contract: no credential, no tenant, no patient data. */
export const operationRoutes = ['/healthz', '/readyz', '/metrics'] as const;
