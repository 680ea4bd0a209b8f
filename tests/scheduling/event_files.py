"""An event as people hand it in: a folder of CSV files, and a small instance in the published format."""

DZN = """% two firms come in the morning only
nBusiness = 4; nMeetings = 3; nTables = 2;
nTotalSlots = 5;
nMorningSlots = 3;
requested = [|1, 2,1,
|1, 3,3,
|4, 2,2,
|];
meetingsxBusiness = [{1,2,3},{1,2,4},{1,3},{1,4}];
nMeetingsBusiness = [2,2,1,1];
forbidden = [{0},{0,1},{2,3},{}];
fixed = [0,4,0];
precedences = [{},{1},{}];
"""
FOLDER = {
    "slots": """id,start,end,block
S1,2027-01-15 13:00,2027/1/15 13:20,前半
S2,2027-01-15T13:25:00,2027-01-15T13:45:00,前半
S3,2027-01-15T14:00:00+09:00,2027-01-15T14:20:00+09:00,後半
""",
    "rooms": "id,distance\n桜,0\n楓,2\n",
    "tables": "id,room,position,features,open_slots\nT1,桜,1,online; accessible,\nT2,楓,1,,S1;S2\n",
    "people": "id,unavailable\n佐藤,S1\n鈴木,\n",
    "participants": """id,side,organisation,capacity,people,disliked,arrives,max_meetings,is_from_far
海野工業,host,海野工業,1,佐藤;鈴木,,,,
山田精機,guest,山田,1,,S3,2027-01-15 13:10,2,○
川口,guest,,,,,,,no
""",
    "requests": """id,host,guest,others,weight,is_mandatory,blocks,lock_slot
A1,海野工業,山田精機,,30,yes,後半,
,海野工業,川口,,,,,S2
A3,海野工業,山田精機,川口,5,,,
""",
    "pair_rules": "kind,first,second,is_hard,weight\nnot_back_to_back,山田精機,川口,no,3\n",
    "availability": "participant,slot,says\n海野工業,S3,2\n川口,S1,×\n川口,S2,△\n",
}
