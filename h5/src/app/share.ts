import { createApiClient } from '@yingyun/shared/contract/api-client';
import { startSharePage } from '../features/share/share-page';
import { fetchSend } from '../lib/fetch-send';

// The link is /s/<token>. Whatever stands there is sent as it is: only the server knows tokens.
startSharePage(createApiClient(fetchSend), location.pathname.replace(/^\/s\//, '').replace(/\/$/, ''));
