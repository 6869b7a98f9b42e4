import { createApiClient } from '@yingyun/shared/contract/api-client';
import { createRoot } from 'react-dom/client';
import { ConsoleApp } from '../features/console/console-app';
import { byId } from '../lib/element';
import { fetchSend } from '../lib/fetch-send';
import '../features/console/console.css';

createRoot(byId('console', HTMLElement)).render(<ConsoleApp client={createApiClient(fetchSend)} />);
