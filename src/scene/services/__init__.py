"""What Scene does: one verb for each thing a person, a program or a job asks for."""
