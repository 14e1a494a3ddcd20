// Good wire messages and head records of every kind, to start from.
#pragma once

#include "engine/head.h"
#include "engine/messages.h"
#include "fuzz/dice.h"

namespace squall::fuzz {

Request make_request(Dice& dice, PagePool& pool);
Reply make_reply(Dice& dice, PagePool& pool);
Head make_head(Dice& dice);

}  // namespace squall::fuzz
