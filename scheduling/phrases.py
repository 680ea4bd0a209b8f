"""What the explainer found, in Japanese and English: reasons, remedies, and the clauses of contradictions.

`_long` behind a reason's code: the text for meetings of several slots.
"""

Texts = dict[str, tuple[str, str]]

RULES: Texts = {
    "no_rest": ("続けた後の休み", "rests"),
    "no_transition": ("移動・準備の枠", "time to move"),
    "unequal_waiting": ("待ちの差の上限", "how unequally guests may wait"),
    "person_unavailable": ("出席者の都合", "people's availability"),
    "pair_together": ("同じ時間を避ける組", "pairs kept apart in time"),
    "pair_back_to_back": ("前後の枠を避ける組", "competitors not back-to-back"),
    "pair_adjacent": ("隣の卓を避ける組", "competitors not at neighbouring tables"),
    "pair_same_room": ("同じ部屋を避ける組", "competitors not in one room"),
    "pair_order": ("順序の決まり", "order of meetings"),
    "too_many_meetings": ("面談数の上限", "maxima"),
    "does_not_fit": ("続けて必要な枠数", "slots in a row"),
    "participant_unavailable": ("参加できる時間", "availability"),
    "slot_not_wanted": ("希望の枠", "wanted slots"),
    "lock_broken": ("固定", "pins"),
    "frozen_moved": ("開始済みの面談", "meetings that have begun"),
    "request_twice": ("重複", "duplicates"),
}
REASONS: Texts = {
    "feature_missing": ("必要な設備({who})のある卓がありません。", "No table has what is needed ({who})."),
    "homes_differ": ("{who}がともに使える卓がありません。", "{who} have no table in common."),
    "home_lacks_feature": (
        "{first}の卓には必要な設備({rest})がありません。",
        "The tables of {first} lack what is needed ({rest}).",
    ),
    "pin_not_allowed": (
        "固定された、または開始済みの場所では行えません。",
        "Where it is pinned or has begun it may not be.",
    ),
    "too_long": (
        "続けて{length}枠必要ですが、続く枠は最大{longest}です。",
        "It needs {length} slots in a row; there are never more than {longest}.",
    ),
    "longer_than_rest": (
        "{length}枠の面談ですが、{first}は{maximum}枠ごとに休みが必要です。",
        "It takes {length} slots, but {first} needs a rest after {maximum}.",
    ),
    "never_there": ("{first}が参加できる枠がありません。", "{first} is not there in any slot."),
    "never_there_long": (
        "{first}が続けて参加できる{length}枠がありません。",
        "{first} is never there for {length} slots in a row.",
    ),
    "no_common_slot": ("{who}がともに参加できる枠がありません。", "{who} are never there at the same time."),
    "no_common_slot_long": (
        "{who}がともに続けて参加できる{length}枠がありません。",
        "{who} are never there together for {length} slots in a row.",
    ),
    "people_never_there": (
        "双方が参加できる枠に{who}さんが出席できません。",
        "Whenever the participants are there, {who} cannot attend.",
    ),
    "not_when_wanted": (
        "希望の枠({slots})には{who}がそろいません。",
        "{who} are not all there in the slots asked for ({slots}).",
    ),
    "tables_closed": (
        "双方が参加できる枠({slots})には、使える卓が開いていません。",
        "Whenever everybody is there ({slots}) no suitable table is open.",
    ),
    "maximum_reached": (
        "{first}の面談は上限{maximum}件に達しています(希望{requests}件)。",
        "{first} has reached its maximum of {maximum} meetings ({requests} wanted).",
    ),
    "maxima_reached": (
        "{who}の面談はいずれも上限に達しています。",
        "{who} have all reached their maximum of meetings.",
    ),
    "participant_full": (
        "{first}は{places}枠に{requests}件の希望があり、{over}件が入りません({slots})。",
        "{first} has {requests} requests for {places} places ({slots}): {over} cannot be placed.",
    ),
    "participant_full_long": (
        "{first}の希望{requests}件には{needed}枠必要ですが{places}枠しかなく、{over}件が入りません({slots})。",
        "{first} has {requests} requests that take {needed} slots, and {places} places ({slots}): "
        "{over} cannot be placed.",
    ),
    "person_full": (
        "{first}さんは{places}枠に{requests}件の面談があり、{over}件が入りません({slots})。",
        "{first} would attend {requests} meetings in {places} slots ({slots}): {over} cannot be placed.",
    ),
    "person_full_long": (
        "{first}さんの面談{requests}件には{needed}枠必要ですが{places}枠しかなく、{over}件が入りません({slots})。",
        "{first} would attend {requests} meetings that take {needed} slots, and there are {places} ({slots}): "
        "{over} cannot be placed.",
    ),
    "tables_short": (
        "同じ卓を使う希望が{requests}件ありますが、{slots}に使える卓は延べ{places}で、{over}件が入りません。",
        "{requests} requests need the same tables, which hold {places} meetings ({slots}): {over} cannot be placed.",
    ),
    "tables_short_long": (
        "同じ卓を使う希望{requests}件には延べ{needed}必要ですが、{slots}に使える卓は延べ{places}で、"
        "{over}件が入りません。",
        "{requests} requests need the same tables for {needed} slots, and these have {places} ({slots}): "
        "{over} cannot be placed.",
    ),
    "moves_needed": (
        "{first}は面談ごとに移動・準備の枠が必要で、{slots}には{requests}件のうち{places}件しか入りません。",
        "{first} needs time to move after each meeting: of {requests} requests only {places} fit ({slots}).",
    ),
    "rests_needed": (
        "{first}は{maximum}枠ごとに休みが必要で、{slots}には{requests}件のうち{places}件しか入りません。",
        "{first} needs a rest after {maximum} slots: of {requests} requests only {places} fit ({slots}).",
    ),
    "could_be_placed": ("{slots}に空きがあり、入れることができます。", "It could be placed now: {slots}."),
    "tables_full": (
        "双方が空いている枠({slots})では、使える{tables}卓がすべて埋まっています。",
        "In the slots that would fit ({slots}) all {tables} suitable tables are taken.",
    ),
    "pair_excludes": (
        "{rest}は必ず守る決まり({first})のため、両方は入りません。",
        "{rest} cannot both be placed because of a rule that must be kept ({first}).",
    ),
    "rules_forbid": (
        "双方が空いている枠では、必ず守る決まり({who})に反します。",
        "Where both are free, a rule that must be kept forbids it ({who}).",
    ),
    "lost_to_promised": (
        "必ず行う面談({who})に枠を譲りました。",
        "Its slots went to requests that have to be placed ({who}).",
    ),
    "lost_to_heavier": (
        "優先度の高い面談({who})に枠を譲りました。",
        "Its slots went to requests with more weight ({who}).",
    ),
    "person_busy": (
        "双方が空いている枠({slots})では、{who}さんがほかの面談に出席しています。",
        "Where the participants are free ({slots}) {who} is in another meeting.",
    ),
    "no_common_slot_left": (
        "ほかの面談を入れると、双方が同時に空く枠が残りません(空き枠: {free})。",
        "With the other meetings placed, no slot is left in which both are free (free slots: {free}).",
    ),
    "no_row_left": (
        "ほかの面談を入れると、双方が続けて空く{length}枠が残りません(空き枠: {free})。",
        "With the other meetings placed, no {length} slots in a row are left in which both are free "
        "(free slots: {free}).",
    ),
    "?": ("入れられません({code})。", "It cannot be placed ({code})."),
}
REMEDIES: Texts = {
    "solve_again": ("もう一度自動作成すると、あと{gain}件入ります。", "Solving again places {gain} more."),
    "release_lock": ("{first}の固定を外すと、あと{gain}件入ります。", "{first} no longer pinned: {gain} more."),
    "more_slots": (
        "{first}を{slots}にも行えれば、あと{gain}件入ります。",
        "If {first} may also be at {slots}, {gain} more are placed.",
    ),
    "arrive_earlier": (
        "{first}が{begin}から参加できれば、あと{gain}件入ります。",
        "If {first} can arrive for {begin}, {gain} more are placed.",
    ),
    "leave_later": (
        "{first}が{end}まで参加できれば、あと{gain}件入ります。",
        "If {first} can stay until the end of {end}, {gain} more are placed.",
    ),
    "be_available": (
        "{first}が{slots}にも参加できれば、あと{gain}件入ります。",
        "If {first} is available at {slots}, {gain} more are placed.",
    ),
    "person_available": (
        "{first}さんが{slots}にも出席できれば、あと{gain}件入ります。",
        "If {first} can attend at {slots}, {gain} more are placed.",
    ),
    "other_person": (
        "{second}に{first}さん以外の方が出席すれば、あと{gain}件入ります。",
        "If somebody else than {first} attends for {second}, {gain} more are placed.",
    ),
    "other_person_at": (
        "{second}の面談に{first}さん以外の方が出席すれば、あと{gain}件入ります。",
        "If somebody else than {first} attends the meeting {second}, {gain} more are placed.",
    ),
    "higher_maximum": (
        "{who}の上限を1件増やすと、あと{gain}件入ります。",
        "One meeting more allowed for {who} places {gain} more.",
    ),
    "longer_run": (
        "{first}がもう1枠続けて面談できれば、あと{gain}件入ります。",
        "If {first} can go on for one slot more before a rest, {gain} more are placed.",
    ),
    "shorter_way": (
        "{first}の移動・準備が1枠短ければ、あと{gain}件入ります。",
        "If {first} needs one slot less to move, {gain} more are placed.",
    ),
    "relax_rule": (
        "{third}と{fourth}の決まり({second})を努力目標にすると、あと{gain}件入ります。",
        "If the rule about {third} and {fourth} ({second}) is only a wish, {gain} more are placed.",
    ),
    "wider_difference": (
        "待ちの差の上限を1回広げると、あと{gain}件入ります。",
        "If guests may wait one time more unequally, {gain} more are placed.",
    ),
    "shorter": ("{first}を1枠短くすると、あと{gain}件入ります。", "{first} one slot shorter: {gain} more are placed."),
    "any_table": (
        "{first}がほかの卓も使えれば、あと{gain}件入ります。",
        "If {first} may meet at any table, {gain} more are placed.",
    ),
    "open_table": (
        "{first}を{slots}にも使えれば、あと{gain}件入ります。",
        "If {first} is open at {slots} too, {gain} more are placed.",
    ),
    "add_feature": (
        "{first}に設備({rest})を加えると、あと{gain}件入ります。",
        "With {rest} at {first}, {gain} more are placed.",
    ),
    "new_table": ("卓を1つ増やすと、あと{gain}件入ります。", "One more table places {gain} more."),
    "second_table": (
        "{first}の卓を{slots}に1卓増やすと、あと{gain}件入ります。",
        "One more table for {first} at {slots} places {gain} more.",
    ),
    "one_more_slot": (
        "最後に1枠増やすと、あと{gain}件入ります。",
        "One more slot at the end places {gain} more.",
    ),
    "second_table_for_all": (
        "{who}の卓をそれぞれ1卓増やすと、あと{gain}件入ります。",
        "One more table each for {who} places {gain} more.",
    ),
    "?": ("変更により、あと{gain}件入ります。", "A change places {gain} more."),
}
TRIED: Texts = {
    "not_asked": ("解決策は調べていません。", "No remedies were looked for."),
    "all": ("考えられる変更をすべて試しました。", "Every change that might help was tried."),
    "some": (
        "時間内に試せた変更だけを示しています。",
        "Only the changes that could be tried in time are shown.",
    ),
    "too_large": (
        "規模が大きいため、解決策は計算していません。",
        "The event is too large to try remedies out; none were computed.",
    ),
}
CLAUSES: Texts = {
    "must_be_placed": ("{first}は必ず入れる", "{first} has to be placed"),
    "pinned": ("{who}は{slots}に固定されている", "{who} is pinned ({slots})"),
    "begun": ("{first}は{slots}に始まっている", "{first} has begun at {slots}"),
    "absent": ("{first}は{slots}に参加できない", "{first} is not there at {slots}"),
    "room": ("{first}は同時に{capacity}件まで", "{first} holds at most {capacity} at a time"),
    "room_varies": (
        "{first}は枠により同時に{least}~{most}件まで",
        "{first} holds at most {least} to {most} at a time, depending on the slot",
    ),
    "maximum": ("{first}は{maximum}件まで", "{first} takes at most {maximum} meetings"),
    "rest": ("{first}は{maximum}枠続けたら休む", "{first} rests after {maximum} slots"),
    "way": ("{first}は面談後に移動の{length}枠が要る", "{first} needs {length} slots to move after a meeting"),
    "home": ("{first}の卓は{rest}に限る", "{first} meets only at {rest}"),
    "needs": ("{first}には{rest}が要る", "{first} needs {rest}"),
    "needs_at": ("{first}には{rest}が要る", "{first} needs {rest}"),
    "person_absent": ("{first}さんは{slots}に出席できない", "{first} cannot attend at {slots}"),
    "person_once": ("{first}さんは同時に1か所だけ", "{first} can be in one place only"),
    "wanted": ("{first}は{slots}に限る", "{first} may only be at {slots}"),
    "length": ("{first}は続けて{length}枠", "{first} takes {length} slots in a row"),
    "tables": ("卓は{tables}", "there are {tables} tables"),
    "closed": ("{who}は{slots}に閉じている", "{who} are closed at {slots}"),
    "pair_together": ("{second}と{third}は同時にしない", "{second} and {third} are not at the same time"),
    "pair_back_to_back": ("{second}と{third}は前後に続けない", "{second} and {third} do not follow each other"),
    "pair_adjacent": ("{second}と{third}は隣の卓にしない", "{second} and {third} are not at neighbouring tables"),
    "pair_same_room": ("{second}と{third}は同じ部屋にしない", "{second} and {third} are not in one room"),
    "pair_order": ("{second}は{third}より先", "{second} comes before {third}"),
    "equal_waiting": ("待ちの差は{limit}回まで", "guests' waits differ by at most {limit}"),
    "?": ("{code}({who})", "{code} ({who})"),
}
WHOLE = (
    "次の{number}つは、すべてを同時には守れません: {clauses}。",
    "These {number} cannot all hold: {clauses}.",
)
BEFORE = (
    "希望{requests}件・{slots}枠・{tables}卓です。卓は{tables_needed}卓以上必要で、{advised}卓をお勧めします"
    "(必要な延べ{needed}に対し、使える延べ{table_places})。",
    "{requests} requests, {slots} slots, {tables} tables. At least {tables_needed} tables are needed, {advised} "
    "advised ({needed} table slots wanted, {table_places} open).",
)
