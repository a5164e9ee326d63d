import {
  condition,
  connectionTo,
  flow,
  HIDDEN,
  integration,
  keysOf,
  list,
  read,
  reference,
  step,
  template,
  trigger,
  value,
  variable,
  WEBHOOK,
} from './realistic-parts';

test('an alert router: sync flow, form data, conditions, templates, an ignored error, an early end', () => {
  const id = template('alert-{{$parseFormBody.results.id}}');
  const inNew = [
    step('Build Text', ['liquid-template', 'transform'], {
      data: reference('parseFormBody.results'),
      liquidTemplate: value('{{ data | json }} {% if x %}{{#raw}}{% endif %}'),
    }),
    step('Wait', ['sleep', 'sleep'], { ms: value('250') }),
    step(
      'Post Message',
      ['chat', 'postMessage'],
      {
        connection: variable('Chat Connection'),
        channelName: variable('Channel'),
        message: reference('buildText.results'),
        username: value(''),
      },
      {
        errorConfig: {
          delaySeconds: 10,
          errorHandlerType: 'ignore',
          ignoreFinalError: false,
          maxAttempts: 1,
        },
      },
    ),
    step('Remember', ['persist-data', 'saveCrossFlowValue'], {
      dynamicValues: list(),
      keyInput: id,
      valueInput: reference('postMessage.results.ts'),
    }),
  ];
  const conditions = list(
    condition('New', [
      'and',
      ['doesNotExist', { name: '', ...reference('seenBefore.results') }],
      [
        'or',
        [
          'equal',
          { name: '', ...reference('alertReceived.results.headers.X-Kind') },
          { name: '', ...value('alert') },
        ],
        ['isEmpty', reference('parseFormBody.results.[".tag"]'), value('')],
      ],
    ]),
  );
  const headers = list(
    { name: value('Content-Type'), ...value('application/json') },
    { name: '', ...value('') },
    { name: reference('parseFormBody.results.header'), ...reference('parseFormBody.results.items[0].Id') },
  );
  const text = integration(
    [
      flow(
        'Alerts',
        [
          trigger('Alert Received', ['webhook-triggers', 'webhook'], WEBHOOK),
          step('Parse “Form” Body', ['change-data-format', 'deserializeFormData'], {
            data: reference('alertReceived.results.body.data'),
          }),
          step('Seen before?', ['persist-data', 'getCrossFlowValue'], {
            keyInput: id,
            defaultValueInput: value(''),
          }),
          step(
            'Branch on Type',
            ['branch', 'branchOnExpression'],
            { conditions },
            {
              branches: [
                { name: 'New', steps: inNew },
                { name: 'Else', steps: [] },
              ],
            },
          ),
          step('Tell Sibling', ['http', 'httpPost'], {
            connection: variable(''),
            data: template(
              '{"region": "{{#Region}}", "at": "{{$alertReceived.results.webhookUrls.Sync Records}}"}',
            ),
            headers,
            url: reference('alertReceived.results.webhookUrls.Sync Records'),
          }),
          step('Code', ['code', 'runCode'], {
            code: value('module.exports = async (c, s) => ({ data: s });\n'),
          }),
          step('Stop', ['stop-execution', 'stopExecution'], {
            contentType: value('application/json'),
            headers: list(),
            jsonBody: value(''),
            statusCode: value('200'),
          }),
        ],
        {
          isAgentFlow: true,
          isSynchronous: true,
          schemas: { invoke: { properties: {}, title: 'A', type: 'object' } },
        },
      ),
      flow('Sync Records', [trigger('Hook', ['webhook-triggers', 'webhook'], WEBHOOK)]),
    ],
    [
      connectionTo('Chat Connection', 'chat'),
      {
        dataSource: { key: 'selectList', component: { isPublic: true, key: 'chat', version: 'LATEST' } },
        dataType: 'picklist',
        defaultValue: '',
        inputs: { connection: { meta: HIDDEN, ...variable('Chat Connection') }, filter: value('') },
        key: 'Channel',
      },
      { dataType: 'picklist', defaultValue: 'eu', key: 'Region', pickList: ['eu', 'us'] },
    ],
  );
  const { faults, plan } = read(text);
  expect(faults).toEqual([]);
  expect(keysOf(plan, 'Alerts')).toEqual([
    'alertReceived',
    'parseFormBody',
    'seenBefore',
    'branchOnType',
    'buildText',
    'wait',
    'postMessage',
    'remember',
    'tellSibling',
    'code',
    'stop',
  ]);
});

test('a sync in pages: deploy flow, loops in loops with a break, batches, a schedule, recursion', () => {
  const page = [
    step('Get Cursor Value', ['persist-data', 'getExecutionValue'], {
      keyInput: value('AFTER'),
      defaultValueInput: value(''),
    }),
    step('Query', ['crm', 'query'], {
      connection: variable('CRM'),
      text: template("SELECT Id FROM X WHERE Id > '{{$getCursorValue.results}}' LIMIT {{#Batch Size}}"),
      version: value('63.0'),
    }),
    step(
      'Check if done',
      ['branch', 'branchOnExpression'],
      {
        conditions: list(
          condition('Done', ['and', ['isEmpty', reference('query.results.records'), value('')]]),
        ),
      },
      {
        branches: [
          { name: 'Done', steps: [step('Break Loop', ['loop', 'breakLoop'])] },
          { name: 'Else', steps: [] },
        ],
      },
    ),
    step(
      'Loop over records',
      ['loop', 'loopOverItems'],
      { items: reference('query.results.records') },
      {
        steps: [
          step('Create Object', ['collection-tools', 'createObject'], {
            keyValueInput: list(
              { name: value('Id'), ...reference('loopOverRecords.currentItem.Id') },
              { name: 'page', ...reference('loopNTimes.index') },
            ),
          }),
          step('JavaScript Object to JSON', ['change-data-format', 'binaryToJson'], {
            data: reference('createObject.results'),
          }),
        ],
      },
    ),
    step('Save', ['persist-data', 'saveExecutionValue'], {
      dynamicValues: list(),
      keyInput: value('AFTER'),
      valueInput: reference('query.results.next'),
    }),
  ];
  const schedule = { meta: { scheduleType: 'week', timeZone: '' }, type: 'value', value: '00 00 * * 0' };
  const never = { meta: { scheduleType: 'once', timeZone: '' }, type: 'value', value: '' };
  const text = integration(
    [
      flow('On Deploy', [
        trigger('Instance Deploy Trigger', ['management-triggers', 'instanceDeploy']),
        step('Loop N Times', ['loop', 'loopNTimes'], { iterationCount: value('1000') }, { steps: page }),
        step('Count', ['collection-tools', 'length'], { listInput: reference('loopNTimes.results') }),
        step('Log', ['log', 'writeLog'], {
          level: value('info'),
          message: template('{{$count.results}} of {{$query.results.total}}'),
        }),
      ]),
      flow('Weekly', [
        trigger('Weekly Trigger', ['schedule-triggers', 'schedule'], {}, { schedule }),
        step('Now', ['datetime', 'getCurrentDateTime']),
        step('Add', ['math', 'add'], { numbers: list(value('1'), reference('now.results')) }),
      ]),
      flow(
        'Changes',
        [
          trigger(
            'Changes Trigger',
            ['crm', 'changes'],
            { connection: variable('CRM') },
            {
              branches: [
                { name: 'Notification', steps: [] },
                { name: 'Verify', steps: [step('End', ['stop-execution', 'stopExecution'])] },
              ],
              schedule: never,
            },
          ),
          step(
            'Each',
            ['loop', 'loopOverItems'],
            { items: reference('changesTrigger.results.body.data') },
            {
              steps: [
                step('Join', ['text-manipulation', 'join'], {
                  separator: value('\n'),
                  strings: list(reference('each.currentItem.a')),
                }),
              ],
            },
          ),
        ],
        { triggerResolver: { batchSize: 200, concurrentBatchLimit: 1, enabled: true } },
      ),
      flow(
        'Recursive',
        [
          trigger('Trigger', ['recursive-flow', 'recursiveTrigger'], {
            defaultCursor: value('{"Id": ""}'),
            runOnDeploy: value('true'),
          }),
          step('Get Cursor', ['recursive-flow', 'getCursor']),
          step('Set Cursor', ['recursive-flow', 'setCursor'], { cursor: reference('getCursor.results') }),
          step('Again', ['recursive-flow', 'invokeRecursive']),
        ],
        {
          retryConfig: {
            delayMinutes: 1,
            maxAttempts: 3,
            uniqueRequestIdField: reference('trigger.results.body.id'),
            usesExponentialBackoff: true,
          },
        },
      ),
    ],
    [
      connectionTo('CRM', 'crm'),
      { dataType: 'number', defaultValue: '50', key: 'Batch Size', orgOnly: true },
    ],
    { defaultInstanceProfile: 'Default Instance Profile', labels: ['crm'] },
  );
  const { faults, plan } = read(text);
  expect(faults).toEqual([]);
  expect(keysOf(plan, 'On Deploy')).toHaveLength(12);
  expect(plan.flows.map(({ schedule: made, batch }) => [made?.type, batch?.batchSize])).toEqual([
    [undefined, undefined],
    ['value', undefined],
    [undefined, 200],
    [undefined, undefined],
  ]);
});
