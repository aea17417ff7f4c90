#:project ../src/Acceleration/Acceleration.csproj

// Writes the schema that docs/plan.schema.json is a copy of: dotnet run eng/PlanSchema.cs docs/plan.schema.json, at the root of the repository.
// Into a file beside it first, so that the old one stays where this fails. Without a name it is printed.
var schema = Acceleration.AccelerationPlan.Schema;
if (args is not [var file])
{
    Console.Write(schema);
    return;
}

var temporary = $"{file}.{Guid.NewGuid():N}.tmp";
try
{
    File.WriteAllText(temporary, schema);
    File.Move(temporary, file, overwrite: true);
}
finally
{
    File.Delete(temporary);
}
