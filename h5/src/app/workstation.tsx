import { createApiClient } from '@yingyun/shared/contract/api-client';
import { createRoot } from 'react-dom/client';
import { WorkstationApp } from '../features/workstation/workstation-app';
import { byId } from '../lib/element';
import { fetchSend } from '../lib/fetch-send';
import '../features/workstation/workstation.css';

createRoot(byId('workstation', HTMLElement)).render(<WorkstationApp client={createApiClient(fetchSend)} />);
