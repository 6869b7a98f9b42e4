import { createSecretVerifier } from '../adapters/passwords/secret-verifier';
import { createAccessTokens } from '../adapters/tokens/token-service';
import type { Ports } from '../ports/ports';
import type { ApiPorts } from '../service/api-ports';
import { createAttemptLimits } from '../service/attempt-limits';
import { createStudyLayouts } from '../service/study-layout';
import { createTurns } from '../service/turns';

/** Of 64 MiB at most each (service/film-document.ts). */
const wholeReads = { atOnce: 3, mostWaiting: 32 };

/** `Ports` with what the API's use cases need besides. `publicUrl` is asked when a link is made: the port may not be known before. */
export function createApiPorts(ports: Ports, publicUrl: () => string, overrides: Partial<ApiPorts> = {}): ApiPorts {
  return {
    ...ports,
    tokens: createAccessTokens(ports),
    secrets: createSecretVerifier(ports),
    attempts: createAttemptLimits(ports.clock),
    layouts: createStudyLayouts(ports.fields),
    wholeReads: createTurns(wholeReads),
    ...overrides,
    get publicUrl() {
      return publicUrl();
    },
  };
}
