-- A chat that was handed over, and that nobody has taken up, waits for a person: since the customer's latest message,
-- else since the handover. Until now the assistant's farewell ended that.
UPDATE conversations SET
  waiting_since = coalesce(waiting_since, state ->> '$.latest.sentAt', state ->> '$.pending.handover.at'),
  state = json_set(state, '$.awaitsPerson', json('true'), '$.waitingSince',
    coalesce(waiting_since, state ->> '$.latest.sentAt', state ->> '$.pending.handover.at'))
WHERE status = 'open' AND state ->> '$.pending.handover.id' IS NOT NULL;
