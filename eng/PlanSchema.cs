#:project ../src/Acceleration/Acceleration.csproj

// Writes the schema that docs/plan.schema.json is a copy of: dotnet run eng/PlanSchema.cs > docs/plan.schema.json
Console.Write(Acceleration.AccelerationPlan.Schema);
