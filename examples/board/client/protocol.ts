// The types of the board's frames. Generated from src/protocol.rs by `cargo test -p board`.

export type Ask = {
/**
 * The text: 1 to 500 characters.
 */
text: string, };

export type Question = {
/**
 * The text.
 */
text: string,
/**
 * The name of the member who asked.
 */
by: string,
/**
 * The number of members that have upvoted it.
 */
votes: number,
/**
 * Whether it was answered.
 */
answered: boolean, };

export type Name = {
/**
 * The name.
 */
name: string, };

export type Command = { "do": "upvote",
/**
 * The `seq` of the question.
 */
question: number, } | { "do": "answer",
/**
 * The `seq` of the question.
 */
question: number, };
