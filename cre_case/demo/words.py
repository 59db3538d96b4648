"""What is written in the files: plain, kind, and never laying on a child what others do to them.

`{child}` is the name the child goes by.
"""

CONTACTS = (
    "{child} has been coming home with a new phone and does not feel able to say who gave it.",
    "School is worried: {child} has missed ten lessons in three weeks and seems frightened of somebody outside.",
    "{child} was found a long way from home late in the evening with two adults nobody in the family knows.",
    "A neighbour saw an older group waiting for {child} at the end of the road on several evenings.",
    "{child} told a teacher that somebody online keeps asking for pictures and will not stop.",
    "Police found {child} in a flat with unknown adults. {child} was tired and hungry, and accepted food.",
    "{child}’s carer is worried about money and gifts that {child} is being given by an older person.",
    "A nurse noticed bruises. {child} said that people are angry because something was lost.",
    "{child} has been missing from home twice this month and came back without a coat.",
    "An aunt says that {child} is being picked up by a car that waits round the corner.",
)

NOTES = (
    "Spoke with {child}’s school. Attendance is better this week; a teaching assistant meets {child} at the gate.",
    "Agreed with the family who rings whom if {child} is late home, and put the numbers on the fridge.",
    "Joint work with the school nurse. {child} would like help with sleep; an appointment is being made.",
    "Took {child} to look at the youth club. {child} met the boxing coach and would like to go back.",
    "Planned with {child} what to do when messages arrive that feel frightening. {child} chose a trusted adult.",
    "Checked how the week had been. The family had a quiet weekend together and cooked with {child}.",
    "Talked about the adults who are exploiting {child}. None of this is {child}’s fault, and we said so.",
    "Agreed with police how information about the adults involved is passed on, and who tells the family.",
)

VISITS = (
    "Visited {child} at home. We made tea and talked about school, football and who feels safe to be with.",
    "Met {child} at school in a quiet room, as {child} had asked. We drew a map of places that feel safe.",
    "Walked the dog with {child}. {child} spoke about friends and about wanting evenings to be calmer.",
    "Visited after school. {child} showed me a drawing and talked about looking forward to the holidays.",
)

NOT_SEEN = (
    "Called as agreed; {child} was at a dentist’s appointment. Spoke with the carer and arranged tomorrow.",
    "Nobody was at home. Left a card for {child} and rang the carer, who will bring {child} to school early.",
)

CALLS = (
    "Telephone call with {child}’s carer: a settled week, and the new door lock has been fitted.",
    "The carer rang to say that {child} had talked at supper about being worried, and was listened to.",
)

DECISIONS = (
    "Management oversight: {child} has been seen and heard. Keep weekly visits; review after four weeks.",
    "Management oversight: the plan answers what {child} told us. Ask health about the appointment this week.",
)

CHILD_WORDS = (
    "I like it when you come to school and not to the house.",
    "I want them to stop messaging me.",
    "I feel safe at my nan’s.",
    "I would like to do the boxing again.",
    "I don’t want anybody to be in trouble, I just want it to stop.",
    "",
)

PARTNER_NOTES = {
    "police": "Officers visited an address linked to the adults of concern. {child} was safe at home.",
    "school": "{child} spent break in the library with a member of staff. A calm day, and homework was handed in.",
    "health": "Health review completed with {child}. Follow-up offered, and {child} chose the Thursday clinic.",
    "voluntary": "First session: we cooked, and {child} chose what to work on together over the next weeks.",
}

ALLOCATED = (
    "Lives in the area this team covers",
    "Has worked with the family before",
    "Has capacity, and {child} asked for a worker who can come after school",
    "Speaks the family’s first language",
)

WARNINGS = (
    ("Visit in pairs. Ring before you arrive.", "An adult who is often at the address threatened a worker in spring."),
    ("Do not visit after 18:00. Park on the main road.", "Adults of concern watch the close from a car at night."),
    ("A large dog: ask for it to be shut in the kitchen first.", "A delivery driver was bitten at the door last year."),
    (
        "Meet at school, not at home, until further notice.",
        "An adult at home is on bail for an assault on a professional.",
    ),
)

SCREENED_OUT = (
    (
        "A parent asked how to set up controls on a tablet. No worry about {child} beyond that.",
        "Advice given on online safety and the family hub. The parent agreed; nothing else is known to any agency.",
    ),
    (
        "A shop keeper was worried that {child} was out alone in the evening.",
        "{child} was walking home from cadets with a parent behind. Checked with the family and the cadet leader.",
    ),
    (
        "An anonymous caller said that {child} has new trainers and asked us to look into it.",
        "A birthday present from grandparents, confirmed by school, who know the family well and have no worry.",
    ),
    (
        "A school outside the city sent a file for {child}, who lives elsewhere.",
        "{child} lives in another authority. Passed on by telephone and in writing the same morning.",
    ),
)

WAITING = (
    "{child} told a lunchtime supervisor that an older person has been asking for favours and gets angry.",
    "Ambulance crew worried: {child} was with adults who answered every question for {child}.",
    "{child}’s grandmother is worried about lifts from people the family does not know.",
    "Police notification: {child} was in a car that was stopped late at night. Taken home safe.",
    "A youth worker heard {child} say that somebody holds {child}’s bank card.",
)

LINKED = "A second call from school: {child} was worried this morning about somebody waiting outside."
LINKED_REASON = "About a child we already work with. Added to the file and the worker told."
ACCEPTED_REASON = "Worry about exploitation by people outside the family. Accepted for a social worker."
