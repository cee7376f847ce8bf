import { describe, expect, test } from 'vitest';
import { act, assigned, assistant, automatic, by, Chat, handedOver, note, person, received, sent, to } from './chat.ts';

const INBOUND = 'inbound team_unassigned 1 told 1×';
const TEAM = { Ana: INBOUND, Ben: INBOUND, Dana: INBOUND };

describe('who is told of a customer’s message', () => {
  const HANDOVER = 'handover assistant_gave_up 1 told 2×';
  test.each([
    ['nobody has the chat: the whole team, the admin in it too, never who was removed', [], TEAM],
    [
      'an agent has it: that agent alone',
      [assigned(1, to('Ben'), by('Ben'))],
      { Ben: 'inbound assigned_to_you 1 told 1×' },
    ],
    [
      'an agent outside the team has it: that agent alone',
      [assigned(1, to('Fay'), by('Fay'))],
      { Fay: 'inbound assigned_to_you 1 told 1×' },
    ],
    [
      'the assistant has it: the team, but for those who mute its chats',
      [assigned(1, assistant)],
      { Ana: 'inbound assistant_answering 1 told 1×', Dana: 'inbound assistant_answering 1 told 1×' },
    ],
    [
      'the assistant gave up before: who muted its chats as well',
      [assigned(1, assistant), handedOver(2)],
      { Ana: HANDOVER, Ben: HANDOVER, Dana: HANDOVER },
    ],
    ['the chat was closed: it is open again, for its team', [act('closed', 1)], TEAM],
    [
      'the chat was closed while an agent had it: for that agent',
      [assigned(1, to('Ana'), by('Ana')), act('closed', 2)],
      { Ana: 'inbound assigned_to_you 1 told 1×' },
    ],
    ['somebody replied before without taking it: the whole team, the replier too', [sent(1, by('Ana'))], TEAM],
    ['“no reply needed” was said before: the whole team', [act('no_reply_needed', 1, by('Ana'))], TEAM],
  ])('%s', (_, before, open) => {
    expect(new Chat().happens(...before, received(10)).open).toEqual(open);
  });

  test('an empty team: nobody', () => {
    expect(new Chat({ support: [] }).happens(received(1)).open).toEqual({});
  });

  test('an import: nobody, and nobody waits', () => {
    const chat = new Chat().happens(received({ at: 1, imported: true }));
    expect(chat.open).toEqual({});
    expect(chat.state).toMatchObject({ waitingSince: null, latest: { text: 'Hello?' } });
  });
});

describe('one open notification per conversation', () => {
  test('a second message raises it', () => {
    expect(new Chat().happens(received(1), received(2)).open.Ana).toBe('inbound team_unassigned 2 told 2×');
  });
  test('after it was read, the next message begins a new one', () => {
    const chat = new Chat().happens(received(1)).reads('Ana').happens(received(2));
    expect(chat.open.Ana).toBe(INBOUND);
    expect(chat.open.Ben).toBe('inbound team_unassigned 2 told 2×');
    expect(chat.ended).toEqual({ Ana: 'read' });
  });
  test('the strongest reason stays, and its why with it', () => {
    const chat = new Chat().happens(received(1), assigned(2, assistant), received(3), handedOver(4), received(5));
    expect(chat.open.Ana).toBe('handover assistant_gave_up 2 told 3×');
    expect(chat.happens(assigned(6, to('Ana'), by('Dana'))).open).toEqual({
      Ana: 'handover assistant_gave_up 2 told 4×',
    });
  });
  test('an assignment counts no message, a message after it counts one and stays an assignment', () => {
    const chat = new Chat().happens(assigned(1, to('Fay'), by('Dana')));
    expect(chat.open).toEqual({ Fay: 'assigned assigned_to_you 0 told 1×' });
    expect(chat.happens(received(2)).open).toEqual({ Fay: 'assigned assigned_to_you 1 told 2×' });
  });
});

describe('who is told of a handover', () => {
  const told = 'handover assistant_gave_up 0 told 1×';
  test.each([
    ['the assistant had the chat', [assigned(1, assistant)], handedOver(2)],
    ['nobody had the chat', [], handedOver(2)],
    ['said as an assignment from the assistant to nobody', [assigned(1, assistant)], assigned(2, null)],
  ])('%s: every member of the team', (_, before, handover) => {
    expect(new Chat().happens(...before, handover).open).toEqual({ Ana: told, Ben: told, Dana: told });
  });
  test('an agent had the chat: that agent, who keeps it', () => {
    const chat = new Chat().happens(assigned(1, to('Ana'), by('Ana')), handedOver(2));
    expect(chat.open).toEqual({ Ana: told });
    expect(chat.state.assignee).toEqual(to('Ana'));
  });
  test('one whose handover is open already: nobody again', () => {
    expect(new Chat().happens(assigned(1, assistant), handedOver(2), handedOver(3)).open.Ana).toBe(told);
  });
  test('not even who has read it', () => {
    const chat = new Chat().happens(assigned(1, assistant), handedOver(2)).reads('Ana').happens(handedOver(3));
    expect(Object.keys(chat.open)).toEqual(['Ben', 'Dana']);
  });
  test('once a person has replied, the next one is news', () => {
    const chat = new Chat().happens(assigned(1, assistant), handedOver(2), sent(3, by('Ana')), handedOver(4));
    expect(chat.open).toEqual({ Ana: told, Ben: told, Dana: told });
  });
  test('an imported one: nobody', () => {
    expect(new Chat().happens(assigned(1, assistant), handedOver({ at: 2, imported: true })).open).toEqual({});
  });
  test('of a closed chat: nobody', () => {
    expect(new Chat().happens(assigned(1, assistant), act('closed', 2), handedOver(3)).open).toEqual({});
  });
});

describe('a chat that was handed over and is given back unanswered', () => {
  const farewell = [assigned(1, assistant), received(2), handedOver(3), sent(4, assistant)];
  const told = 'inbound team_unassigned 0 told 1×';
  test('is news to the team again, but not to who gave it back', () => {
    const chat = new Chat().happens(...farewell, assigned(5, to('Ana'), by('Ana')));
    expect(chat.open).toEqual({});
    expect(chat.happens(assigned(6, null, by('Ana'))).open).toEqual({ Ben: told, Dana: told });
  });
  test('also where the assistant said its farewell before it gave up', () => {
    const chat = new Chat().happens(assigned(1, assistant), received(2), sent(3, assistant), handedOver(4));
    chat.happens(assigned(5, to('Ana'), by('Ana')), assigned(6, null, by('Ana')));
    expect(chat.open).toEqual({ Ben: told, Dana: told });
  });
  test('also where the customer never wrote', () => {
    const chat = new Chat().happens(assigned(1, assistant), handedOver(2), assigned(3, to('Ana'), by('Ana')));
    expect(chat.happens(assigned(4, null, by('Ana'))).open).toEqual({ Ben: told, Dana: told });
  });
  test('is no news once a person has replied', () => {
    const chat = new Chat().happens(...farewell, assigned(5, to('Ana'), by('Ana')), sent(6, by('Ana')));
    expect(chat.happens(assigned(7, null, by('Ana'))).open).toEqual({});
  });
  test('whatever order the events arrive in', () => {
    const events = [...farewell, assigned(5, to('Ana'), by('Ana')), assigned(6, null, by('Ana'))];
    const chat = new Chat().happens(...events.toReversed());
    expect(chat.state).toEqual(new Chat().happens(...events).state);
    expect(Object.keys(chat.open)).toEqual(expect.arrayContaining(['Ben', 'Dana']));
  });
});

describe('who is told of an assignment', () => {
  const told = { Ana: 'assigned assigned_to_you 0 told 1×' };
  test.each([
    ['by a colleague: the new assignee', assigned(1, to('Ana'), by('Ben')), told],
    ['by nobody known: the new assignee', assigned(1, to('Ana')), told],
    ['taken by themselves: nobody', assigned(1, to('Ana'), by('Ana')), {}],
    ['to the assistant: nobody', assigned(1, assistant, by('Ben')), {}],
    ['an import: nobody', assigned({ at: 1, imported: true }, to('Ana'), by('Ben')), {}],
    ['to an agent who was removed: nobody', assigned(1, to('Eve'), by('Ben')), {}],
  ])('%s', (_, event, open) => {
    expect(new Chat().happens(event).open).toEqual(open);
  });
  test('from one agent to another: the new one is told, the old one settled', () => {
    const chat = new Chat().happens(assigned(1, to('Ana'), by('Dana')), assigned(2, to('Ben'), by('Dana')));
    expect(chat.open).toEqual({ Ben: 'assigned assigned_to_you 0 told 1×' });
    expect(chat.ended).toEqual({ Ana: 'settled by Dana' });
  });
  test.each([
    ['by who had it', by('Ana'), ['Ben', 'Dana'], { Ana: 'settled by Ana' }],
    ['by nobody known, so by who had it', null, ['Ben', 'Dana'], { Ana: 'settled by nobody known' }],
    ['by a supervisor: who had it hears of it anew', by('Dana'), ['Ana', 'Ben'], { Ana: 'settled by Dana' }],
  ])('from an agent to nobody, %s: a waiting chat is news to the team', (_, who, names, ended) => {
    const chat = new Chat().happens(assigned(1, to('Ana'), by('Dana')), received(2), assigned(3, null, who));
    expect(Object.keys(chat.open).sort()).toEqual(names);
    expect(chat.open.Ben).toBe('inbound team_unassigned 0 told 1×');
    expect(chat.ended).toEqual(ended);
  });
  test('from an agent to nobody, with nothing unanswered: nobody', () => {
    const chat = new Chat().happens(
      received(1),
      assigned(2, to('Ana'), by('Ana')),
      sent(3, by('Ana')),
      assigned(4, null, by('Ana')),
    );
    expect(chat.open).toEqual({});
  });
});

describe('what is settled, and by whom', () => {
  const ALL = (text: string) => ({ Ana: text, Ben: text, Dana: text });
  test.each([
    ['taken', assigned(2, to('Ana'), by('Ana')), {}, { Ana: 'read', Ben: 'settled by Ana', Dana: 'settled by Ana' }],
    [
      'assigned by a colleague',
      assigned(2, to('Ana'), by('Ben')),
      { Ana: 'assigned assigned_to_you 1 told 2×' },
      { Ben: 'settled by Ben', Dana: 'settled by Ben' },
    ],
    [
      'assigned by nobody known',
      assigned(2, to('Ana')),
      { Ana: 'assigned assigned_to_you 1 told 2×' },
      { Ben: 'settled by Ana', Dana: 'settled by Ana' },
    ],
    ['assigned to the assistant', assigned(2, assistant), {}, ALL('settled by Assistant')],
    ['assigned to the assistant by an agent', assigned(2, assistant, by('Ben')), {}, ALL('settled by Ben')],
    ['replied to by a person', sent(2, by('Ben')), {}, ALL('settled by Ben')],
    ['replied to by an agent not known here', sent(2, by('Zoe')), {}, ALL('settled by nobody known')],
    ['replied to by a person who is no agent here', sent(2, person), {}, ALL('settled by nobody known')],
    ['closed', act('closed', 2, by('Dana')), {}, ALL('settled by Dana')],
    ['closed by nobody known', act('closed', 2), {}, ALL('settled by nobody known')],
    ['no reply needed', act('no_reply_needed', 2, by('Ana')), {}, ALL('settled by Ana')],
    ['a private note', note(2, by('Ana')), TEAM, {}],
    ['an automatic text', sent(2, automatic), TEAM, {}],
    ['reopened while open', act('reopened', 2), TEAM, {}],
  ])('%s', (_, event, open, ended) => {
    const chat = new Chat().happens(received(1), event);
    expect(chat.open).toEqual(open);
    expect(chat.ended).toEqual(ended);
  });

  test('the assistant’s reply settles the team’s while it has the chat', () => {
    const chat = new Chat().happens(assigned(1, assistant), received(2), sent(3, assistant));
    expect(chat.open).toEqual({});
    expect(chat.ended).toEqual({ Ana: 'settled by Assistant', Dana: 'settled by Assistant' });
  });
  test.each([
    ['after a handover', [assigned(1, assistant), received(2), handedOver(3)]],
    ['while nobody has the chat', [received(2)]],
    ['while an agent has it', [assigned(1, to('Ana'), by('Ana')), received(2)]],
  ])('the assistant’s reply settles nothing %s', (_, before) => {
    const chat = new Chat().happens(...before);
    const open = Object.keys(chat.open);
    chat.happens(sent(4, assistant));
    expect(Object.keys(chat.open)).toEqual(open);
  });
  test('the assistant’s reply after a handover settles nothing, not even when it has the chat again', () => {
    const chat = new Chat().happens(
      assigned(1, assistant),
      handedOver(2),
      assigned(3, assistant, by('Ana')),
      received(4),
    );
    expect(Object.keys(chat.open)).toEqual(['Ana', 'Dana']);
    expect(Object.keys(chat.happens(sent(5, assistant)).open)).toEqual(['Ana', 'Dana']);
  });
  test('a reply by any person settles the assignee’s too', () => {
    const chat = new Chat().happens(assigned(1, to('Ana'), by('Dana')), received(2), sent(3, by('Ben')));
    expect(chat.ended).toEqual({ Ana: 'settled by Ben' });
  });
  test('a read notification is not settled again', () => {
    expect(
      new Chat()
        .happens(received(1))
        .reads('Ana')
        .happens(sent(2, by('Ben'))).ended,
    ).toMatchObject({ Ana: 'read' });
  });
});

describe('a chat that moves to another group', () => {
  test('settles the old team’s and tells the new one, once', () => {
    const chat = new Chat().happens(received(1), assigned({ at: 2, groupId: 'sales' }, null, by('Ben')));
    expect(chat.ended).toEqual({ Ana: 'settled by Ben', Ben: 'settled by Ben' });
    expect(chat.open).toEqual({ Dana: INBOUND, Fay: 'inbound team_unassigned 0 told 1×' });
  });
  test('with a message tells the new team of the message', () => {
    const chat = new Chat().happens(received(1), received({ at: 2, groupId: 'sales' }));
    expect(chat.open).toEqual({ Dana: 'inbound team_unassigned 2 told 2×', Fay: INBOUND });
  });
  test('by an older event does not move back', () => {
    const chat = new Chat().happens(received({ at: 5, groupId: 'sales' }), received({ at: 1, groupId: 'support' }));
    expect(chat.state.groupId).toBe('sales');
    expect(Object.keys(chat.open)).toEqual(['Fay', 'Dana']);
  });
  test('stays with the agent who has it', () => {
    const chat = new Chat().happens(assigned(1, to('Ana'), by('Dana')), act('reopened', { at: 2, groupId: 'sales' }));
    expect(Object.keys(chat.open)).toEqual(['Ana']);
  });
});

describe('who joins the team', () => {
  const silently = (reason: string) => ({ Fay: `${reason} 0 told 0×` });
  test.each([
    ['gets a waiting chat silently', [received(1)], silently('inbound team_unassigned')],
    ['gets a handover silently', [assigned(1, assistant), handedOver(2)], silently('handover assistant_gave_up')],
    ['gets no chat that an agent has', [received(1), assigned(2, to('Ana'), by('Ana'))], {}],
    ['gets no answered chat', [received(1), sent(2, by('Ana'))], {}],
    ['gets no closed chat', [received(1), act('closed', 2)], {}],
  ])('%s', (_, before, open) => {
    const joined = new Chat({ support: ['Fay'] });
    joined.state = new Chat({ support: [] }).happens(...before).state;
    expect(joined.together([], { joined: ['Fay'] }).open).toEqual(open);
  });
  test('but not what the assistant answers, if they mute that', () => {
    const joiner = new Chat({ support: ['Ben'] });
    joiner.state = new Chat({ support: [] }).happens(assigned(1, assistant), received(2)).state;
    expect(joiner.together([], { joined: ['Ben'] }).open).toEqual({});
  });
});

describe('what changes silently', () => {
  test('a new name of the customer restamps what is open and alerts nobody', () => {
    const chat = new Chat().happens(received(1)).together([], { customer: 'Ana Pérez' });
    expect(chat.open).toEqual(TEAM);
    expect(JSON.parse(chat.rows[0]!.content)).toMatchObject({ customer: { name: 'Ana Pérez' } });
  });
  test('nothing changed: nothing is written', () => {
    const chat = new Chat().happens(received(1));
    const content = chat.rows[0]!.content;
    expect(chat.together([]).rows[0]!.content).toBe(content);
  });
});

test('a chat reopened by hand is back in the bells of those it waits for, silently', () => {
  const chat = new Chat().happens(received(1), act('closed', 2, by('Ana')), act('reopened', 3, by('Ana')));
  expect(chat.open).toEqual({ Ben: 'inbound team_unassigned 0 told 0×', Dana: 'inbound team_unassigned 0 told 0×' });
});

describe('events that arrive late', () => {
  test('a message answered meanwhile tells nobody', () => {
    expect(new Chat().happens(sent(5, by('Ana')), received(1)).rows).toEqual([]);
  });
  test('a handover taken meanwhile tells nobody', () => {
    const chat = new Chat().happens(assigned(1, assistant), assigned(5, to('Ana'), by('Ana')), handedOver(3));
    expect(chat.rows).toEqual([]);
    expect(chat.state.assignee).toEqual(to('Ana'));
  });
  describe('a chat reopened before what came after its closing: reopening is silent, the rest is not', () => {
    const closed = [received(1), act('closed', 2)];
    test.each([
      ['by whom nobody knows', null],
      ['by one of the team', by('Ana')],
    ])('a handover, reopened %s', (_, who) => {
      const chat = new Chat().happens(...closed, handedOver(4), act('reopened', 3, who));
      expect(chat.open.Ana).toBe('handover assistant_gave_up 0 told 1×');
      expect(chat.open.Dana).toBe('handover assistant_gave_up 0 told 1×');
    });
    test('an assignment by somebody else', () => {
      const chat = new Chat().happens(...closed, assigned(4, to('Ben'), by('Dana')), act('reopened', 3, by('Ben')));
      expect(chat.open).toEqual({ Ben: 'assigned assigned_to_you 0 told 1×' });
    });
    test('such an assignment where no customer waits', () => {
      const answered = [received(1), sent(1.5, by('Dana')), act('closed', 2)];
      const chat = new Chat().happens(...answered, assigned(4, to('Ben'), by('Dana')), act('reopened', 3));
      expect(chat.open).toEqual({ Ben: 'assigned assigned_to_you 0 told 1×' });
    });
    test("what is one's own by one's own doing is in the bell silently", () => {
      const chat = new Chat().happens(...closed, assigned(4, to('Ben'), by('Ben')), act('reopened', 3));
      expect(chat.open).toEqual({ Ben: 'inbound assigned_to_you 0 told 0×' });
    });
    test('a chat that was given back', () => {
      const taken = assigned(1.5, to('Ben'));
      const chat = new Chat().happens(received(1), taken, act('closed', 2), assigned(4, null), act('reopened', 3));
      expect(chat.open.Ana).toBe('inbound team_unassigned 0 told 1×');
    });
  });
  test('an assignment overtaken by another tells nobody', () => {
    const chat = new Chat().happens(assigned(5, to('Ana'), by('Ana')), assigned(3, to('Ben'), by('Dana')));
    expect(chat.rows).toEqual([]);
  });
  test('a reply to the first of two messages leaves the second unanswered', () => {
    const chat = new Chat().happens(received(1), received(3), sent(2, by('Ben')));
    expect(chat.open.Ana).toBe('inbound team_unassigned 1 told 2×');
    expect(chat.state.waitingSince).toBe(3);
  });
  test('who took the chat before the message hears of the message', () => {
    const chat = new Chat().happens(received(2), assigned(1, to('Ana'), by('Ana')));
    expect(chat.open).toEqual({ Ana: INBOUND });
  });
  test('several at once: what was over before anybody saw it never shows', () => {
    const chat = new Chat().together([received(1), sent(2, by('Ben')), received(3)]);
    expect(chat.rows).toHaveLength(3);
    expect(chat.open.Ana).toBe(INBOUND);
  });
});
