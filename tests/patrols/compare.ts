// Reads [{items, answers, today}…] from standard input and writes what each comes to.
import { evaluate } from "../../frontend/src/field/checklist.ts";

let said = "";
for await (const chunk of process.stdin) said += chunk;
const results = JSON.parse(said).map((one: any) => evaluate(one, one.answers, one.today));
process.stdout.write(JSON.stringify(results));
