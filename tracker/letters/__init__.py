"""What comes down: assignments to acknowledge, letters of urging, requests for an explanation, a change of the lead."""
