import { code, complex, reference, step, template, value } from '../../support/definition-builder';

/** One kind of step, as often as a run of its study has it. */
export interface StepKind {
  name: string;
  about: string;
  steps(serviceUrl: string): unknown[];
  /** Step results that a run leaves besides the trigger's. */
  results: number;
  /** Calls of a run at the local service. */
  calls: number;
}

/** Steps of the kind in one run. */
export const STEPS = 100;

/** Key and action of the package that is published for the study. */
export const PACKAGE = { key: 'bench-package', actions: ['run'], isPublic: true };

const line = (name: string) =>
  step(name, 'log.writeLog', { level: value('info'), message: template('posted') });

const inARow = (make: (name: string) => unknown): unknown[] =>
  Array.from({ length: STEPS }, (_, at) => make(`Step ${at + 1}`));

const row = (name: string, about: string, make: (name: string, serviceUrl: string) => unknown): StepKind => ({
  name,
  about,
  steps: (serviceUrl) => inARow((stepName) => make(stepName, serviceUrl)),
  results: STEPS,
  calls: 0,
});

/** A run without steps: what is taken off the others. */
export const EMPTY: StepKind = {
  name: 'empty',
  about: 'no step',
  steps: () => [],
  results: 0,
  calls: 0,
};

const branch = (name: string) =>
  step(
    name,
    'branch.branchOnExpression',
    {
      conditions: complex([
        {
          name: 'Small',
          type: 'complex',
          value: ['lessThan', reference('trigger.results.body.data.number'), value('0')],
        },
      ]),
    },
    {
      branches: [
        { name: 'Small', steps: [] },
        { name: 'Else', steps: [] },
      ],
    },
  );

export const STEP_KINDS: readonly StepKind[] = [
  row('branch', 'a branch on an expression, with nothing in it', branch),
  row('log', 'a log line', line),
  {
    name: 'loop',
    about: 'a loop iteration with a log line',
    steps: () => [
      step('Loop', 'loop.loopNTimes', { iterationCount: value(String(STEPS)) }, { steps: [line('Line')] }),
    ],
    results: STEPS + 1,
    calls: 0,
  },
  row('code', 'a code step', (name) => code(name, 'module.exports = async () => ({ data: null });')),
  row('persist', 'a value kept for later runs of the flow (persist-data)', (name) =>
    step(name, 'persist-data.saveInstanceValue', {
      keyInput: value('cursor'),
      valueInput: reference('trigger.results.body.data.number'),
      dynamicValues: complex([]),
    }),
  ),
  {
    ...row('http', 'a POST of 1 KB to a local service (http)', (name, serviceUrl) =>
      step(name, 'http.httpPost', {
        url: value(serviceUrl),
        data: reference('trigger.results.body.data'),
        responseType: value('json'),
      }),
    ),
    calls: STEPS,
  },
  row('package', 'an action of a published package', (name) => step(name, `${PACKAGE.key}.run`)),
];
